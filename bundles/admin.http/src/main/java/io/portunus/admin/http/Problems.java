// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The one form of everything that is refused, whoever refuses it. Stateless. */
final class Problems {
    private Problems() {
    }

    /** A request too many: it is no fault of it, and the node is none the worse. */
    static RefusedException overloaded() {
        return new RefusedException(429, "overloaded", "", "Too many requests are at work; try again in a second.").with("Retry-After", "1");
    }

    /** The surface goes. */
    static RefusedException closing() {
        return new RefusedException(503, "closing", "", "The admin surface closes or moves to another address; try again in a second.");
    }

    /** The refusal as an answer: {@code {"error":{"code","path"?,"message","position"?}}}. */
    static Reply reply(RefusedException refused) {
        StringBuilder body = new StringBuilder(256).append("{\"error\":{\"code\":").append(JsonText.quoted(refused.code()));
        if (!refused.path().isEmpty()) {
            body.append(",\"path\":").append(JsonText.quoted(refused.path()));
        }
        body.append(",\"message\":").append(JsonText.quoted(refused.sentence()));
        refused.position().ifPresent(place -> body.append(",\"position\":{\"line\":").append(place.line()).append(",\"column\":")
            .append(place.column()).append('}'));
        Reply reply = Reply.of(refused.status(), JsonText.TYPE, body.append("}}").toString());
        for (Map.Entry<String, String> header : refused.headers().entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }

    /** The refusal as bytes of HTTP/1.1, after which the connection ends: for a request that Undertow never sees. */
    static byte[] raw(RefusedException refused) {
        Reply reply = reply(refused);
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(reply.status()).append(' ')
            .append(StatusCodes.getReason(reply.status()))
            .append("\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Type: ")
            .append(JsonText.TYPE).append("\r\nContent-Length: ").append(reply.body().length).append("\r\n");
        reply.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(reply.body());
        return all.toByteArray();
    }
}
