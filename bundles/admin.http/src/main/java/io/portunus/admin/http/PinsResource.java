// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.List;

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
    public Reply handle(Request request) {
        return Reply.json(new PinsBody(parts.bundles().orElseThrow(() -> Parts.missing("deployment")).pins().stream().map(PinBody::of).toList()));
    }

    private record PinsBody(List<PinBody> pins) {
    }
}
