// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.api.LimitRow;
import io.portunus.flow.spi.SharedCells;
import io.portunus.model.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much of its limits each rule uses, read from the cells that its flows share, whichever version they are of. A rule without flows has new cells
 * for as long as they are looked at: nothing of it is used. Thread-safe; it changes no cell.
 */
final class LimitsView {
    /** Bytes that may come from clients at once; below 0 what flows have booked. */
    static final String IN_LEFT = "bandwidth_in_left";
    /** Bytes that may go to clients at once; below 0 what flows have booked. */
    static final String OUT_LEFT = "bandwidth_out_left";
    /** Connections that may be opened at once. */
    static final String OPENED_LEFT = "new_connections_left";

    private final SharedCells cells;
    private final LongSupplier nanos;

    LimitsView(SharedCells cells, LongSupplier nanos) {
        this.cells = cells;
        this.nanos = nanos;
    }

    /** One for each rule that limits something. */
    List<LimitRow> rows(List<Rule> rules) {
        return rules.stream().filter(rule -> !Limits.of(rule).equals(Limits.NONE)).map(this::row).toList();
    }

    private LimitRow row(Rule rule) {
        Limits set = Limits.of(rule);
        RuleLimits its = new RuleLimits(cells, rule, nanos);
        try {
            Map<String, Long> use = new HashMap<>(Map.of(LimitRow.OPEN, its.count()));
            left(IN_LEFT, set.in(), its.in(), use);
            left(OUT_LEFT, set.out(), its.out(), use);
            left(OPENED_LEFT, set.opened(), its.opened(), use);
            return LimitRow.ofRule(rule.name(), use);
        } finally {
            its.release();
        }
    }

    /** A limit that no flow has met yet is not in its cell. */
    private static void left(String name, Limits.Pace set, Bucket bucket, Map<String, Long> use) {
        if (set.rate() > 0) {
            use.put(name, bucket.rate() == 0 ? set.burst() : bucket.left());
        }
    }
}
