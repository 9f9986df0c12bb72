// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleControl;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /v1/bundles/{name}/drain}: ends the flows of a {@code version} that drains already {@code within} a time, as in
 * {@code version=1.0.0&within=10m}. Answers at once; {@code /v1/bundles} lists who still holds it.
 */
final class DrainVersionResource implements Resource {
    private final Parts parts;

    DrainVersionResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String template() {
        return "/v1/bundles/{name}/drain";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_CHANGE);
    }

    @Override
    public Set<String> parameters() {
        return Set.of("version", "within");
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        String version = request.parameter("version").orElseThrow(() -> missing("version", "Say which version drains, as /v1/bundles lists it."));
        Duration within = request.duration("within").orElseThrow(() -> missing("within", "Say how long its flows may stay, as in within=10m."));
        String bundle = BundleNames.meant(request.variable("name"), control);
        return DeploymentBody.reply(control.drain(bundle, version, within, Caller.of(request)));
    }

    private static RefusedException missing(String name, String sentence) {
        return RefusedException.parameter(ProblemCode.MISSING_KEY.code(), name, sentence);
    }
}
