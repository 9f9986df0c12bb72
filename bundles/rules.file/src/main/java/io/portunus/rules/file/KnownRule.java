// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import java.util.List;

/**
 * A rule of a file without problems. Immutable.
 *
 * @param rule the rule
 * @param fingerprint of all that it sets
 */
record KnownRule(Rule rule, RuleIds.Fingerprint fingerprint) {
    /** The rules as a set, whose revision follows from what they set. */
    static RuleSet set(List<KnownRule> known) {
        return new RuleSet(RuleIds.revision(known.stream().map(KnownRule::fingerprint).toList()), known.stream().map(KnownRule::rule).toList());
    }
}
