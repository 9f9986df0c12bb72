// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.Map;

/** {@code GET /healthz}: the process serves. It asks nothing of any part, so a restart is not provoked by one that is missing. */
final class HealthResource implements Resource {
    @Override
    public String template() {
        return "/healthz";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public boolean anyHost() {
        return true;
    }

    @Override
    public boolean instant() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        return Reply.json(Map.of("status", "ok"));
    }
}
