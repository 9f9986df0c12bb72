// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.Map;

/**
 * What a policy limits, as it shows it itself, in plain values: of whom, what is set, and how much of it is used.
 *
 * @param scope of what kind the limit is, {@link #RULE}, or {@code "owner"}; not empty
 * @param name whose it is: the rule's name, the owner's, a source's address
 * @param set what is set, by key: text, numbers, truth values, or lists of these. Of a rule it is not read: the engine shows what the rule sets
 * @param use how much is used, or left, by a name in snake_case; {@link #OPEN} is known to metrics. At most {@value #MOST_NUMBERS}; what is beyond
 *     that is not shown
 * @param counts what became of flows. Of a rule it is not read: the engine counts that itself, and keeps it while the rule exists
 */
public record LimitRow(String scope, String name, Map<String, Object> set, Map<String, Long> use, LimitCounts counts) {
    /** The scope of a limit that all flows of a rule share. */
    public static final String RULE = "rule";
    /** Of {@link #use}: flows that are open and count. */
    public static final String OPEN = "open";
    /** Most numbers of one row. */
    public static final int MOST_NUMBERS = 16;

    /** Copies the maps. */
    public LimitRow {
        set = Map.copyOf(set);
        use = Map.copyOf(use);
    }

    /** How much a rule uses. */
    public static LimitRow ofRule(String rule, Map<String, Long> use) {
        return new LimitRow(RULE, rule, Map.of(), use, LimitCounts.NONE);
    }
}
