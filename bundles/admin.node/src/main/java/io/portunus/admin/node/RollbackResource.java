// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.BundleControl;
import java.time.Duration;
import java.util.Optional;

/** {@code POST /v1/bundles/{name}/rollback}: gives new flows back to the version before. */
final class RollbackResource implements Resource {
    private final Parts parts;
    private final DetachedChanges changes;

    RollbackResource(Parts parts, DetachedChanges changes) {
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/bundles/{name}/rollback";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public Duration patience() {
        return DetachedChanges.BUNDLE;
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        String bundle = BundleNames.meant(request.variable("name"), control);
        return changes.await(() -> DeploymentBody.reply(control.rollback(bundle, Caller.of(request))));
    }
}
