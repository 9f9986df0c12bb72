// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The targets of a rule, by their places in it. Immutable but for what its picker remembers; a reload that changes the rule makes another
 * one of the same states.
 */
final class Pool {
    private final Rule rule;
    private final List<TargetState> states;
    private final long[] ranks;
    private final Picker picker;
    private final boolean trialsInOrder;

    /** A pool of the rule's targets, whose states are in the same order. */
    Pool(Rule rule, List<TargetState> states, Supplier<RandomGenerator> chance) {
        this(rule, states, Picker.of(rule.targets().pick(), rule.targets().targets(), chance));
    }

    private Pool(Rule rule, List<TargetState> states, Picker picker) {
        this.picker = picker;
        this.rule = rule;
        this.states = List.copyOf(states);
        TargetGroup group = rule.targets();
        Map<Integer, Long> byPriority = new TreeMap<>();
        for (int place = 0; place < group.targets().size(); place++) {
            byPriority.merge(group.targets().get(place).priority(), 1L << place, (a, b) -> a | b);
        }
        ranks = byPriority.values().stream().mapToLong(Long::longValue).toArray();
        trialsInOrder = group.pick() == TargetGroup.Pick.FIRST || group.pick() == TargetGroup.Pick.SOURCE_HASH;
    }

    /** The same pool for an equal rule of another table. */
    Pool of(Rule equal) {
        return new Pool(equal, states, picker);
    }

    Rule rule() {
        return rule;
    }

    /** Whether it is for a rule's flows: the rule may be an older object with the same targets. */
    boolean serves(Rule its) {
        return group().equals(its.targets());
    }

    TargetGroup group() {
        return rule.targets();
    }

    /** How many priorities there are; rank 0 is the best. */
    int ranks() {
        return ranks.length;
    }

    /** The places of one priority, a bit each. */
    long places(int rank) {
        return ranks[rank];
    }

    /** Whether a failed target that may be tried waits for its place in the order, and does not come first. */
    boolean trialsInOrder() {
        return trialsInOrder;
    }

    Picker picker() {
        return picker;
    }

    List<TargetState> states() {
        return states;
    }

    TargetState state(int place) {
        return states.get(place);
    }

    Target target(int place) {
        return group().targets().get(place);
    }

    /** Its share now: a hundredfold of its weight, less while it starts slowly. */
    int weight(int place, long now) {
        return target(place).weight() * state(place).health().standing().percent(now, group().slowStart());
    }
}
