// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The head of one request as it comes, held until it is whole. What two readers of HTTP might take for two different requests is refused,
 * as RFC 9112 §2.2, §5.1, §6.1 and §11.2 ask: whatever stands in front of the surface sees the requests that it sees. Confined to one I/O thread.
 */
final class RequestHead {
    /** Longest request line. */
    static final int MAX_LINE_BYTES = 8 * 1024;
    /** Longest request line and fields together. */
    static final int MAX_BYTES = 16 * 1024;
    /** Most fields. */
    static final int MAX_FIELDS = 64;
    /** Empty lines that are overlooked before a request, RFC 9112 §2.2. */
    private static final int MAX_EMPTY_LINES = 2;
    private static final int FIRST_BYTES = 512;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int lineStart;
    private int lines;
    private int emptyLines;
    private boolean whole;

    /** Whether anything of it has come. */
    boolean begun() {
        return length > 0 || emptyLines > 0;
    }

    /** Whether all of it has come. */
    boolean whole() {
        return whole;
    }

    /** All of it, request line, fields and the empty line; once it was checked, its target is a path. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /**
     * Takes what belongs to the head, and no byte more.
     *
     * @throws RefusedException once it can only be refused
     */
    void take(ByteBuffer from) {
        while (!whole && from.hasRemaining()) {
            take(from.get());
        }
    }

    private void take(byte next) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        boolean afterReturn = length > lineStart && bytes[length - 1] == '\r';
        if ((next == '\n') != afterReturn) {
            throw malformed("A line of the head ends with CR LF, and neither stands alone.");
        }
        bytes[length++] = next;
        if (next == '\n') {
            endLine();
        }
        if (length >= MAX_LINE_BYTES && lines == 0) {
            throw new RefusedException(414, "uri_too_long", "", "The request line has more than " + MAX_LINE_BYTES + " bytes.");
        }
        if (length >= MAX_BYTES && !whole) {
            throw new RefusedException(431, "header_too_large", "", "The head of the request has more than " + MAX_BYTES + " bytes.");
        }
    }

    private void endLine() {
        boolean empty = length - lineStart == 2;
        if (empty && lines == 0) {
            length = 0;
            if (++emptyLines > MAX_EMPTY_LINES) {
                throw malformed("A request begins with its method.");
            }
            return;
        }
        whole = empty;
        lineStart = length;
        if (!empty && lines++ > MAX_FIELDS) {
            throw new RefusedException(431, "header_too_large", "", "The request has more than " + MAX_FIELDS + " fields.");
        }
    }

    /**
     * Checks the whole head.
     *
     * @return bytes of the body that follows it
     * @throws RefusedException if the request may not be taken
     */
    long check() {
        String[] all = new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        RequestLine line = RequestLine.parse(all[0]);
        RequestFields fields = new RequestFields();
        for (int i = 1; i < all.length; i++) {
            fields.take(all[i]);
        }
        fields.checkHost(line);
        if (!line.authority().isEmpty()) {
            all[0] = line.inOriginForm();
            bytes = (String.join("\r\n", all) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            length = bytes.length;
        }
        return fields.bodyBytes(line);
    }

    static RefusedException malformed(String sentence) {
        return new RefusedException(400, "malformed_request", "", sentence);
    }

    /** RFC 9110 §5.6.2. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
            || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }
}
