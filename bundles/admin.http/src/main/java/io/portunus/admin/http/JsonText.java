// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.HexFormat;

/** Texts in JSON, RFC 8259 §7: the surface's own bodies are few and small, so it needs no library for them. Stateless. */
final class JsonText {
    /** Media type. */
    static final String TYPE = "application/json";

    private JsonText() {
    }

    /** A text with its quotes. */
    static String quoted(String text) {
        StringBuilder all = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            append(all, text.charAt(i));
        }
        return all.append('"').toString();
    }

    private static void append(StringBuilder to, char c) {
        if (c == '"' || c == '\\') {
            to.append('\\').append(c);
        } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7f) {
            to.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
            to.append(c);
        }
    }
}
