// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.MetricsPage;
import java.util.Map;

/** {@code GET /metrics}. */
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
        MetricsPage.Rendered page = parts.metrics().orElseThrow(() -> Parts.missing("metrics")).render(request.accept());
        return new Reply(200, page.contentType(), page.body(), Map.of());
    }
}
