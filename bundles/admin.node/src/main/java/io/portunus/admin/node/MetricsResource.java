// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.node.api.MetricsPage;
import java.util.Optional;

/** {@code GET /metrics}: the node's metrics, in the exposition format that the header {@code Accept} asks for. */
final class MetricsResource implements Resource {
    private final Parts parts;

    MetricsResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/metrics";
    }

    @Override
    public Optional<Right> right() {
        return Optional.empty();
    }

    @Override
    public Reply handle(Request request) {
        MetricsPage.Rendered page = parts.metrics().orElseThrow(() -> Parts.missing("metrics")).render(request.sender().accept());
        return Reply.of(200, page.contentType(), page.body());
    }
}
