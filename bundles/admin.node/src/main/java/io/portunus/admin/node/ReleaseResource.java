// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.BundleControl;
import java.util.Optional;

/** {@code POST /v1/bundles/{name}/release}: has the parts of a bundle called again that are in quarantine. */
final class ReleaseResource implements Resource {
    private final Parts parts;
    private final DetachedChanges changes;

    ReleaseResource(Parts parts, DetachedChanges changes) {
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/bundles/{name}/release";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public boolean outlasts() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        String bundle = BundleNames.meant(request.variable("name"), control);
        return changes.await(() -> DeploymentBody.reply(control.release(bundle, Caller.of(request))));
    }
}
