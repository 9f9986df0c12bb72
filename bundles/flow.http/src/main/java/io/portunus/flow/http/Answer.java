// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.api.CloseReason;
import java.nio.charset.StandardCharsets;

/** What a refused client is told. */
final class Answer {
    static final byte[] NOTHING = {};

    /**
     * An empty SETTINGS and a GOAWAY (RFC 9113 §6.5, §6.8) that asks for HTTP/1.1, where the name can be seen: HTTP_1_1_REQUIRED, 0xd.
     */
    private static final byte[] GO_AWAY = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xd};

    private Answer() {
    }

    /** A response without a body. */
    static byte[] of(CloseReason reason) {
        return switch (reason) {
            // RFC 9110 §15.5.20: not configured for this authority. A 404 would speak for the target, and caches may keep it.
            case NO_MATCHING_NAME, NO_NAME, NOT_RECOGNISED -> response("421 Misdirected Request");
            case SOURCE_DENIED -> response("403 Forbidden");
            case HELLO_MALFORMED -> response("400 Bad Request");
            case PEEK_TIMEOUT -> response("408 Request Timeout");
            case PEEK_CAPACITY, BUFFERS_FULL -> response("503 Service Unavailable");
            default -> NOTHING;
        };
    }

    /** What a client is told that spoke HTTP/2 from the start. */
    static byte[] ofHttp2(CloseReason reason) {
        return reason == CloseReason.NO_NAME || reason == CloseReason.NO_MATCHING_NAME ? GO_AWAY.clone() : NOTHING;
    }

    private static byte[] response(String status) {
        return ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
