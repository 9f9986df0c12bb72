// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.io.Serial;

/** A request that is answered with a problem instead of what it asked for. */
final class RefusedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String path;

    /**
     * @param status status of the response
     * @param code stable code
     * @param path the parameter to blame, or empty
     * @param sentence what is wrong and what to do
     */
    RefusedException(int status, String code, String path, String sentence) {
        // No stack trace: it is an answer, and peers can cause as many as they like.
        super(sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.path = path;
    }

    /** A parameter that is wrong. */
    static RefusedException parameter(String code, String name, String sentence) {
        return new RefusedException(400, code, name, sentence);
    }

    Reply reply() {
        return Reply.problem(status, code, path, String.valueOf(getMessage()));
    }
}
