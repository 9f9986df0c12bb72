// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import java.time.Clock;
import java.util.Optional;

/** {@code POST /v1/flows/{id}/kill}: ends a live flow at once. */
final class KillResource implements Resource {
    private final Parts parts;
    private final Clock clock;

    KillResource(Parts parts, Clock clock) {
        this.parts = parts;
        this.clock = clock;
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
    public Optional<Right> right() {
        return Optional.of(Rights.FLOWS_CHANGE);
    }

    @Override
    public Reply handle(Request request) {
        long id = id(request.variable("id"));
        boolean ended = parts.engine().orElseThrow(() -> Parts.missing("forwarding")).kill(id);
        writeDown(Caller.of(request), id, ended);
        if (!ended) {
            throw new RefusedException(404, "flow_not_found", "", "There is no live flow " + id + "; it may have ended.");
        }
        return Reply.noContent();
    }

    /** Without a log for it, the change is made all the same. */
    private void writeDown(Actor by, long id, boolean ended) {
        parts.changes().ifPresent(log -> log.add(new Change(clock.instant(), by, "flow.kill", Long.toString(id), ended ? "live: " + id : "",
            ended ? "ended: " + id : "", ended ? "done" : ProblemCode.NOT_FOUND.code())));
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "id", "A flow id is a whole number, as /v1/flows gives it.");
        }
    }
}
