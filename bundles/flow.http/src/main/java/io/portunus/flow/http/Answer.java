// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.api.CloseReason;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a refused client is sent. */
final class Answer {
    static final byte[] NOTHING = {};

    /**
     * An empty SETTINGS and a GOAWAY (RFC 9113 §6.5, §6.8) that asks for HTTP/1.1, where the name can be seen: HTTP_1_1_REQUIRED, 0xd.
     */
    private static final byte[] GO_AWAY = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xd};

    /** RFC 9110 §15.5.20: not configured for this authority. A 404 would speak for the target, and caches may keep it. */
    private static final String NOT_HERE = "421 Misdirected Request";
    private static final String NO_ROOM = "503 Service Unavailable";
    private static final Map<CloseReason, String> STATUS = Map.of(
        CloseReason.NO_MATCHING_NAME, NOT_HERE, CloseReason.NO_NAME, NOT_HERE, CloseReason.NOT_RECOGNISED, NOT_HERE,
        CloseReason.SOURCE_DENIED, "403 Forbidden", CloseReason.HELLO_MALFORMED, "400 Bad Request",
        CloseReason.PEEK_TIMEOUT, "408 Request Timeout", CloseReason.PEEK_CAPACITY, NO_ROOM, CloseReason.BUFFERS_FULL, NO_ROOM);

    private Answer() {
    }

    /** A response without a body. */
    static byte[] of(CloseReason reason) {
        String status = STATUS.get(reason);
        return status == null ? NOTHING : response(status);
    }

    /** What a client is sent that spoke HTTP/2 from the start. */
    static byte[] ofHttp2(CloseReason reason) {
        return reason.equals(CloseReason.NO_NAME) || reason.equals(CloseReason.NO_MATCHING_NAME) ? GO_AWAY.clone() : NOTHING;
    }

    private static byte[] response(String status) {
        return ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
