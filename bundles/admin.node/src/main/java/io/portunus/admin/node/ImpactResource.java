// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.Impact;
import java.util.Optional;

/** {@code GET /v1/bundles/{name}/impact}: what an upgrade of the bundle would touch. */
final class ImpactResource implements Resource {
    private final Parts parts;

    ImpactResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/bundles/{name}/impact";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_READ);
    }

    @Override
    public Reply handle(Request request) {
        BundleControl control = parts.bundles().orElseThrow(() -> Parts.missing("deployment"));
        String bundle = BundleNames.meant(request.variable("name"), control);
        Impact impact = control.impact(bundle).orElseThrow(() -> new RefusedException(404, ProblemCode.NOT_FOUND.code(), "name",
            "There is no bundle '" + bundle + "'; /v1/bundles lists them."));
        return Json.reply(impact);
    }
}
