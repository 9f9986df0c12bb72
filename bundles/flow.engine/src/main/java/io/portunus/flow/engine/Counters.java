// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowTimes;
import io.portunus.flow.api.ListenerCounts;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the engine counts: connections, ends and their reasons, times, and all of it by rule. Thread-safe; loops count without a lock. */
final class Counters {
    /** By the rule's id; of the rules of the table, and of those that went while flows of theirs are open. */
    private final Map<Long, RuleCounters> rules = new ConcurrentHashMap<>();
    private final LongAdder accepted = new LongAdder();
    private final FlowTimers timers = new FlowTimers();
    private final ReasonCounters closed = new ReasonCounters(CloseReason.known());
    /** Datagrams that began no session. */
    private final ReasonCounters refused = new ReasonCounters(List.of());

    /** Counts these reasons from 0 on. */
    void count(List<CloseReason> reasons) {
        closed.add(reasons);
    }

    void accepted() {
        accepted.increment();
    }

    /** Datagrams that no session is for were dropped. */
    void refused(CloseReason reason, int datagrams) {
        refused.count(reason, datagrams);
    }

    private Map<CloseReason, Long> refusedDatagrams() {
        Map<CloseReason, Long> sums = refused.sums();
        sums.values().removeIf(count -> count == 0);
        return sums;
    }

    void ended(FlowRecord flow) {
        closed.count(flow.reason());
        if (flow.connectNanos() != FlowRecord.NOT_REACHED) {
            timers.connected(flow.connectNanos());
        }
        timers.ended(flow.totalNanos());
    }

    RuleCounters of(Rule rule) {
        return rules.computeIfAbsent(rule.id(), id -> new RuleCounters(rule.name()));
    }

    /** The rule went. */
    void forget(Rule rule) {
        rules.remove(rule.id());
    }

    /** A problem for each rule of which connections are refused for their number. */
    Stream<Problem> crowded(ForwardingTable table, Limits limits) {
        return table.rules().rules().stream()
            .filter(rule -> Optional.ofNullable(rules.get(rule.id())).filter(its -> its.ceiling.reached()).isPresent()).map(limits::reachedBy);
    }

    FlowTimes times() {
        return timers.times();
    }

    /**
     * All of them.
     *
     * @param listeners of those that route by name
     * @param active flows that are open
     * @param dropped records
     */
    EngineCounts counts(ForwardingTable table, List<ListenerCounts> listeners, long active, long dropped, EngineCounts.Capacity capacity) {
        Set<Long> sharedByName = table.listeners().stream().filter(listener -> !listener.inspects().isEmpty())
            .flatMap(listener -> listener.routes().stream()).map(route -> route.rule().id()).collect(Collectors.toSet());
        return new EngineCounts(table.rules().rules().stream().map(rule -> of(rule).snapshot(rule, sharedByName.contains(rule.id()))).toList(),
            listeners, active, accepted.sum(), closed.sums(), refusedDatagrams(), dropped, capacity);
    }
}
