// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem.Position;
import java.io.Serial;
import java.util.Optional;

/** A request that is answered with a problem instead of what it asked for. */
final class RefusedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    /** Never serialized: it does not leave this bundle. */
    private final transient ProblemBody problem;

    /**
     * @param status status of the response
     * @param code stable code
     * @param path the parameter to blame, or empty
     * @param sentence what is wrong and what to do
     */
    RefusedException(int status, String code, String path, String sentence) {
        this(status, ProblemBody.of(code, path, sentence));
    }

    private RefusedException(int status, ProblemBody problem) {
        // No stack trace: it is an answer, and peers can cause as many as they like.
        super(problem.message(), null, false, false);
        this.status = status;
        this.problem = problem;
    }

    /** A parameter that is wrong. */
    static RefusedException parameter(String code, String name, String sentence) {
        return new RefusedException(400, code, name, sentence);
    }

    /** A body that cannot be read, from a place on if that is known. */
    static RefusedException body(String code, Optional<Position> place, String sentence) {
        return new RefusedException(400, new ProblemBody(code, Optional.empty(), sentence, place));
    }

    Reply reply() {
        return Reply.problem(status, problem);
    }
}
