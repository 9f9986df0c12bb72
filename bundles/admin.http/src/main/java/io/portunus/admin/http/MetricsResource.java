// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.MetricsPage;
import java.util.Map;

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
    public boolean open() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        MetricsPage.Rendered page = parts.metrics().orElseThrow(() -> Parts.missing("metrics")).render(request.sender().accept());
        return new Reply(200, page.contentType(), page.body(), Map.of());
    }
}
