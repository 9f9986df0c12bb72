// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a resource answers.
 *
 * @param status status code
 * @param contentType media type; empty when there is no body
 * @param body text of the body
 * @param headers further headers
 */
record Reply(int status, String contentType, String body, Map<String, String> headers) {
    /** Nothing to say, and that is good. */
    static final Reply NO_CONTENT = new Reply(204, "", "", Map.of());

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(Object value) {
        return json(200, value);
    }

    static Reply json(int status, Object value) {
        return new Reply(status, "application/json", Json.write(value), Map.of());
    }

    static Reply problem(int status, String code, String path, String message) {
        return problem(status, ProblemBody.of(code, path, message));
    }

    static Reply problem(int status, ProblemBody problem) {
        return json(status, new ErrorBody(problem));
    }

    /** The same reply with one more header. */
    Reply with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, more);
    }

    /** The reply as bytes of HTTP/1.1, after which the connection ends: for a request that Undertow never sees. */
    byte[] raw() {
        byte[] content = bytes();
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(status).append(' ').append(StatusCodes.getReason(status))
            .append("\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Type: ").append(contentType)
            .append("\r\nContent-Length: ").append(content.length).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(content);
        return all.toByteArray();
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** The body of every refusal. */
    private record ErrorBody(ProblemBody error) {
    }
}
