// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.util.List;

/**
 * A rule and its state.
 *
 * @param rule the rule
 * @param state what became of it
 * @param problems why it failed, one for each listener, and one if nobody recognises what it requires
 */
public record RuleStatus(Rule rule, State state, List<Problem> problems) {
    /** States of a rule. */
    public enum State {
        /** Every listener of it is bound, and what it requires is recognised. */
        ACTIVE,
        /** A listener of it could not be bound, or nobody recognises what it requires. */
        FAILED,
        /** It is not enabled. */
        DISABLED
    }

    /** Copies the list. */
    public RuleStatus {
        problems = List.copyOf(problems);
    }
}
