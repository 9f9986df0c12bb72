// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * {@code GET /healthz}: the process serves. 503 while a loop is lost, which only another start of the process brings back. It asks nothing else of
 * any part, so a restart is not provoked by one that is missing.
 */
final class HealthResource implements Resource {
    private final BooleanSupplier lost;

    /**
     * A resource.
     *
     * @param lost whether something is lost for good; answers at once
     */
    HealthResource(BooleanSupplier lost) {
        this.lost = lost;
    }

    @Override
    public String template() {
        return "/healthz";
    }

    @Override
    public Optional<Right> right() {
        return Optional.empty();
    }

    @Override
    public boolean anyHost() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        // What is lost is named by /readyz, and not to whoever asks here.
        return lost.getAsBoolean() ? Reply.of(503, JsonText.TYPE, "{\"status\":\"lost\"}") : Reply.of(200, JsonText.TYPE, "{\"status\":\"ok\"}");
    }
}
