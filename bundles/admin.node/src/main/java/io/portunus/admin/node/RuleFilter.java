// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.admin.api.Request;
import io.portunus.model.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The parameter {@code rule} of a list: what belongs to one rule, which must be there. Stateless. */
final class RuleFilter {
    static final String NAME = "rule";

    private RuleFilter() {
    }

    /** Those of the rule that is asked for, or all; a rule that has gone counts as long as something of it is left. */
    static <T> List<T> of(Request request, Parts parts, List<T> all, Function<T, String> ruleOf) {
        Optional<String> name = request.parameter(NAME);
        if (name.isEmpty()) {
            return all;
        }
        List<T> wanted = all.stream().filter(one -> ruleOf.apply(one).equals(name.get())).toList();
        if (wanted.isEmpty() && !known(parts, name.get())) {
            throw unknown(name.get());
        }
        return wanted;
    }

    /** Whether there is such a rule, or nobody who would know. */
    static boolean known(Parts parts, String rule) {
        return parts.catalog().map(catalog -> catalog.statuses().stream().anyMatch(status -> status.rule().name().equals(rule))).orElse(true);
    }

    static RefusedException unknown(String rule) {
        return new RefusedException(404, ProblemCode.NOT_FOUND.code(), NAME, "There is no rule '" + rule + "'; /v1/rules lists them.");
    }
}
