// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TableChanges;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleDifference.Edit;
import io.portunus.model.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What differs between two rule sets of a file, by the names of rules, from which their ids follow. Stateless. */
final class RuleChanges {
    private RuleChanges() {
    }

    /** Compares two sets; a rule that only stands elsewhere is no change. */
    static TableChanges between(RuleSet before, RuleSet after) {
        List<Edit> edits = RuleDifference.between(before, after).edits();
        return new TableChanges(
            names(edits, edit -> edit.older().isEmpty(), Edit::newer),
            names(edits, edit -> edit.older().isPresent() && edit.newer().isPresent() && !edit.older().equals(edit.newer()), Edit::newer),
            names(edits, edit -> edit.newer().isEmpty(), Edit::older));
    }

    private static List<String> names(List<Edit> edits, Predicate<Edit> which, Function<Edit, Optional<Rule>> of) {
        return edits.stream().filter(which).flatMap(edit -> of.apply(edit).stream()).map(Rule::name).toList();
    }
}
