// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TableChanges;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What differs between two rule sets, by the names of rules, which are unique in a set. Stateless. */
final class RuleChanges {
    private RuleChanges() {
    }

    /** Compares two sets. */
    static TableChanges between(RuleSet before, RuleSet after) {
        // Nothing is added, changed or removed among the rules that both begin or end with, nor has another rule a name of theirs.
        Overlap same = Overlap.of(before.rules(), after.rules(), Rule::equals);
        return between(same.between(before.rules()), same.between(after.rules()));
    }

    private static TableChanges between(List<Rule> before, List<Rule> after) {
        Map<String, Rule> old = byName(before);
        Map<String, Rule> now = byName(after);
        return new TableChanges(
            after.stream().map(Rule::name).filter(name -> !old.containsKey(name)).toList(),
            after.stream().filter(r -> old.containsKey(r.name()) && !r.equals(old.get(r.name()))).map(Rule::name).toList(),
            before.stream().map(Rule::name).filter(name -> !now.containsKey(name)).toList());
    }

    private static Map<String, Rule> byName(List<Rule> rules) {
        return rules.stream().collect(Collectors.toMap(Rule::name, Function.identity()));
    }
}
