// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.model.RuleSet;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleTimes;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /v1/rules}: the rules in force, each with its state, as an array. The header {@code Portunus-Revision} has the revision of the
 * set.
 */
final class RulesResource implements Resource {
    private static final String REVISION = "Portunus-Revision";

    private final Parts parts;

    RulesResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/rules";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.RULES_READ);
    }

    @Override
    public Reply handle(Request request) {
        RuleCatalog catalog = parts.catalog().orElseThrow(() -> Parts.missing("rules"));
        String client = parts.node().map(NodeInfo::label).orElse("");
        Map<Long, RuleTimes> times = catalog.ruleTimes();
        Reply list = Json.reply(catalog.statuses().stream().map(status -> RuleBody.of(client, status,
            Optional.ofNullable(times.get(status.rule().id())))).toList());
        return catalog.current().map(RuleSet::revision).map(revision -> list.with(REVISION, revision)).orElse(list);
    }
}
