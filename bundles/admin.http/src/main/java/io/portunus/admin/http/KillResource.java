// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.ProblemCode;

/** {@code POST /v1/flows/{id}/kill}: ends a live flow at once. */
final class KillResource implements Resource {
    private final Parts parts;

    KillResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/flows/{id}/kill";
    }

    @Override
    public Reply handle(Request request) {
        long id = id(request.variable("id"));
        if (!parts.engine().orElseThrow(() -> Parts.missing("forwarding")).kill(id)) {
            throw new RefusedException(404, "flow_not_found", "", "There is no live flow " + id + "; it may have ended.");
        }
        return Reply.NO_CONTENT;
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "id", "A flow id is a whole number, as /v1/flows gives it.");
        }
    }
}
