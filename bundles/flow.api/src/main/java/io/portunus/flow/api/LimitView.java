// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.Map;

/**
 * A limit at one moment.
 *
 * @param policy kind of the policy, {@code "limits"}
 * @param ruleId id of the rule; empty where it is no limit of a rule
 * @param scope of what kind it is, {@link LimitRow#RULE}, {@code "owner"}
 * @param name whose it is
 * @param set what is set, as the configuration has it
 * @param use how much of it is used, as the policy shows it; empty where it does not
 * @param counts what became of flows
 */
public record LimitView(String policy, String ruleId, String scope, String name, Map<String, Object> set, Map<String, Long> use,
        LimitCounts counts) {
    /** Copies the maps. */
    public LimitView {
        set = Map.copyOf(set);
        use = Map.copyOf(use);
    }

    /** Whether it is of one rule. */
    public boolean ofRule() {
        return scope.equals(LimitRow.RULE);
    }
}
