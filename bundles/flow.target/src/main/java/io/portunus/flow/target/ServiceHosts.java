// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.ServiceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The hosts that a service names now, each with its state, and the choice among them (RFC 2782). Thread-safe without locks: another answer
 * replaces one immutable list. A host that is named no more is forgotten; flows that it has keep its state.
 */
final class ServiceHosts {
    private static final AtomicReferenceFieldUpdater<ServiceHosts, Roster> ROSTER =
        AtomicReferenceFieldUpdater.newUpdater(ServiceHosts.class, Roster.class, "roster");

    private final Function<ServiceHost, TargetState> made;
    private final Consumer<String> turned;
    /** Replaced by compare-and-set; read by whoever picks. */
    private volatile Roster roster = new Roster(List.of(), List.of());
    /** What an older version knew of hosts that have not been named yet, by host and port; replaced as a whole. */
    private volatile Map<String, HandedOver> expected = Map.of();

    /**
     * What was named last.
     *
     * @param named the answer itself, at most {@value ServiceNames#MAX_HOSTS}, by priority
     * @param states the states at the same places
     */
    private record Roster(List<ServiceHost> named, List<TargetState> states) {
    }

    /**
     * No hosts as yet.
     *
     * @param made makes the state of a host that is new
     * @param turned called when it may have to be decided anew whether all have failed, and why
     */
    ServiceHosts(Function<ServiceHost, TargetState> made, Consumer<String> turned) {
        this.made = made;
        this.turned = turned;
    }

    /** Takes an answer; those that stay keep what is known of them. */
    void settle(List<ServiceHost> answer) {
        Roster before = roster;
        if (before.named().equals(answer)) {
            return;
        }
        Map<String, TargetState> known = HashMap.newHashMap(before.states().size());
        before.states().forEach(state -> known.put(state.text(), state));
        Map<String, HandedOver> older = expected;
        List<TargetState> states = new ArrayList<>(answer.size());
        for (ServiceHost host : answer) {
            TargetState state = known.get(host.toString());
            if (state == null) {
                state = made.apply(host);
                HandedOver handed = older.get(host.toString());
                if (handed != null) {
                    state.resume(handed.health(), handed.counts(), false);
                }
            }
            states.add(state);
        }
        // Whoever was faster has an answer that is as new.
        if (ROSTER.compareAndSet(this, before, new Roster(answer, List.copyOf(states)))) {
            for (int i = 0; i < states.size(); i++) {
                states.get(i).settle(answer.get(i));
            }
            expected = Map.of();
            turned.accept(Health.HOSTS_CHANGED);
        }
    }

    /** What an older version knew of them. */
    void expect(List<HandedOver> handed) {
        Map<String, HandedOver> all = new HashMap<>();
        handed.stream().limit(ServiceNames.MAX_HOSTS).forEach(its -> all.put(its.host(), its));
        states().forEach(state -> {
            HandedOver its = all.remove(state.text());
            if (its != null) {
                state.resume(its.health(), its.counts(), false);
            }
        });
        expected = Map.copyOf(all);
    }

    /** In the order of their priorities. */
    List<TargetState> states() {
        return roster.states();
    }

    /** Whether there are any, and all have failed. */
    boolean down() {
        List<TargetState> states = states();
        return !states.isEmpty() && states.stream().allMatch(state -> state.health().failed());
    }

    /** Whether one that has failed may be tried; and if none is known, whether that is so has to be found out. */
    boolean trialDue(long now) {
        List<TargetState> states = states();
        return states.isEmpty() || states.stream().anyMatch(state -> state.health().trialDue(now));
    }

    /** Whether there is one besides those. */
    boolean hasBeside(List<TargetState> others) {
        return states().stream().anyMatch(state -> !others.contains(state));
    }

    /**
     * Picks one of the hosts of the best priority: one that is due to be tried, else one drawn by weight.
     *
     * @param candidates in the order of their priorities, at least one
     * @param due which of them have failed, and may be tried
     * @param draw draws numbers
     * @param percent what of its weight a host has now
     */
    static TargetState pick(List<TargetState> candidates, Predicate<TargetState> due, RandomGenerator draw, Function<TargetState, Integer> percent) {
        int best = candidates.getFirst().target().priority();
        List<TargetState> equal = candidates.stream().filter(state -> state.target().priority() == best).toList();
        return equal.stream().filter(due).findFirst().orElseGet(() -> byWeight(equal, draw, percent));
    }

    /**
     * RFC 2782: a number from 0 to the sum of the weights, both included, and the first whose running sum is not less. Those of weight 0 stand
     * in front, so they have the number 0 among them, and everything where nobody has a weight.
     */
    private static TargetState byWeight(List<TargetState> equal, RandomGenerator draw, Function<TargetState, Integer> percent) {
        List<TargetState> weightless = equal.stream().filter(state -> state.target().weight() == 0).toList();
        long sum = 0;
        for (TargetState state : equal) {
            sum += share(state, percent);
        }
        long drawn = weightless.isEmpty() ? 1 + draw.nextLong(sum) : draw.nextLong(sum + 1);
        if (drawn == 0) {
            return weightless.get(draw.nextInt(weightless.size()));
        }
        for (TargetState state : equal) {
            drawn -= share(state, percent);
            if (drawn <= 0) {
                return state;
            }
        }
        throw new AssertionError("a number beyond the sum of the weights");
    }

    /** Whoever has a weight keeps one, however slowly it starts. */
    private static long share(TargetState state, Function<TargetState, Integer> percent) {
        int weight = state.target().weight();
        return weight == 0 ? 0 : Math.max(1, (long) weight * percent.apply(state) / 100);
    }
}
