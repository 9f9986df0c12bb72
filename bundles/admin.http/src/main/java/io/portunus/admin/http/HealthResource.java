// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import java.util.Optional;

/** {@code GET /healthz}: the process serves. It asks nothing of any part, so a restart is not provoked by one that is missing. */
final class HealthResource implements Resource {
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
        return Reply.of(200, JsonText.TYPE, "{\"status\":\"ok\"}");
    }
}
