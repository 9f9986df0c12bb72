// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/pins}: which rules and sources are kept on which version of a bundle. */
final class PinsResource implements Resource {
    private final Parts parts;

    PinsResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/pins";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.BUNDLES_READ);
    }

    @Override
    public Reply handle(Request request) {
        return Json.reply(new PinsBody(parts.bundles().orElseThrow(() -> Parts.missing("deployment")).pins().stream().map(PinBody::of).toList()));
    }

    private record PinsBody(List<PinBody> pins) {
    }
}
