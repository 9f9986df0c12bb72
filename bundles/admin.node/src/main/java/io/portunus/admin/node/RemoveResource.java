// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.BundleControl;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * {@code DELETE /v1/bundles/{name}}: takes a deployed bundle away; the version of the distribution serves again, if there is one.
 * {@code drain} sets how long flows may stay on it, as in {@code drain=30s}; without it they stay as long as they live.
 * What rules in force need, and nobody else serves, goes only with {@code force=true}.
 */
final class RemoveResource implements Resource {
    private final Parts parts;
    private final DetachedChanges changes;

    RemoveResource(Parts parts, DetachedChanges changes) {
        this.parts = parts;
        this.changes = changes;
    }

    @Override
    public String method() {
        return "DELETE";
    }

    @Override
    public String template() {
        return "/v1/bundles/{name}";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public Set<String> parameters() {
        return Set.of("drain", "force");
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
        Optional<Duration> drain = request.duration("drain");
        boolean force = request.flag("force");
        String bundle = BundleNames.meant(request.variable("name"), control);
        return changes.await(() -> DeploymentBody.reply(control.remove(bundle, Caller.of(request), drain, force)));
    }
}
