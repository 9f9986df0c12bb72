// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of RFC 9110 §5. */
final class Fields {
    private static final String PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Fields() {
    }

    /** Whether a byte may stand in a token (RFC 9110 §5.6.2): a method, or the name of a header. */
    static boolean isNameByte(int octet) {
        return octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet >= '0' && octet <= '9' || PUNCTUATION.indexOf(octet) >= 0;
    }

    /** Whether a byte may stand in the value of a header (RFC 9110 §5.5). */
    static boolean isValueByte(int octet) {
        return octet >= ' ' && octet != 0x7f || octet == '\t';
    }

    /** Bytes as characters, one each. */
    static String text(ByteBuffer bytes, int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
