// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/rules}: the rules in force, each with its state. */
final class RulesResource implements Resource {
    private final Parts parts;

    RulesResource(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String template() {
        return "/v1/rules";
    }

    @Override
    public Reply handle(Request request) {
        RuleCatalog catalog = parts.catalog().orElseThrow(() -> Parts.missing("rules"));
        return Reply.json(new RulesBody(catalog.current().map(RuleSet::revision), catalog.statuses().stream().map(RuleBody::of).toList()));
    }

    private record RulesBody(Optional<String> revision, List<RuleBody> rules) {
    }
}
