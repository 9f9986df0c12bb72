// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem.Position;
import io.undertow.util.Headers;
import java.io.Serial;
import java.util.Map;
import java.util.Optional;

/** A request that is answered with a problem instead of what it asked for. */
final class RefusedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    /** Never serialized: it does not leave this bundle. */
    private final transient ProblemBody problem;
    private final transient Map<String, String> headers;

    /**
     * @param status status of the response
     * @param code stable code
     * @param path the parameter to blame, or empty
     * @param sentence what is wrong and what to do
     */
    RefusedException(int status, String code, String path, String sentence) {
        this(status, ProblemBody.of(code, path, sentence), Map.of());
    }

    private RefusedException(int status, ProblemBody problem, Map<String, String> headers) {
        // No stack trace: it is an answer, and peers can cause as many as they like.
        super(problem.message(), null, false, false);
        this.status = status;
        this.problem = problem;
        this.headers = headers;
    }

    /** A request too many: it is no fault of it, and the node is none the worse. */
    static RefusedException overloaded() {
        return new RefusedException(429, ProblemBody.of("overloaded", "", "Too many requests are at work; try again in a second."),
            Map.of(Headers.RETRY_AFTER_STRING, "1"));
    }

    /** A parameter that is wrong. */
    static RefusedException parameter(String code, String name, String sentence) {
        return new RefusedException(400, code, name, sentence);
    }

    /** A body that cannot be read, from a place on if that is known. */
    static RefusedException body(String code, Optional<Position> place, String sentence) {
        return new RefusedException(400, new ProblemBody(code, Optional.empty(), sentence, place), Map.of());
    }

    Reply reply() {
        Reply reply = Reply.problem(status, problem);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }
}
