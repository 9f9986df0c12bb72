// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;

/**
 * All rules of one edge at a revision.
 *
 * @param revision what the source calls this state; equal revisions have equal rules
 * @param rules in the order of the source; ids and names are unique, which {@link RuleChecks} sees to
 */
public record RuleSet(String revision, List<Rule> rules) {
    /** Copies the list. */
    public RuleSet {
        rules = List.copyOf(rules);
    }

    /** Whether it is the very object. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(RuleSet other) {
        return this == other;
    }
}
