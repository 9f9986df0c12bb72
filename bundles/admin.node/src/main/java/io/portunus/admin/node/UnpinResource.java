// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleControl;
import java.util.Optional;
import java.util.Set;

/** {@code DELETE /v1/pins}: takes every pin of a rule or of a source away, so that its new flows get the version that serves. */
final class UnpinResource implements Resource {
    private final Parts parts;
    private final DetachedChanges changes;

    UnpinResource(Parts parts, DetachedChanges changes) {
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return "DELETE";
    }

    @Override
    public String template() {
        return "/v1/pins";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public Set<String> parameters() {
        return Set.of("rule", "source");
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        String subject = PinBody.subject(request.parameter("rule"), request.parameter("source")).subject();
        if (!changes.await(() -> control.unpin(subject, Caller.of(request)))) {
            throw new RefusedException(404, ProblemCode.NOT_FOUND.code(), request.parameter("rule").isPresent() ? "rule" : "source",
                "There is no pin of " + subject + "; /v1/pins lists them.");
        }
        return Reply.noContent();
    }
}
