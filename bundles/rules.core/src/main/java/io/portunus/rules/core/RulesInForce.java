// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import io.portunus.node.api.RuleTimes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rule set in force. Thread-safe: sets are applied one after the other, readers never wait for them. */
final class RulesInForce implements RulePublisher, RuleCatalog {
    private final ForwardingEngine engine;
    private final RuleEvents events;
    private final ReentrantLock publishing = new ReentrantLock();
    /** The table of the set in force, empty before the first. Volatile: written under the lock, read by surfaces without it. */
    private volatile Optional<ForwardingTable> table = Optional.empty();
    private final StateTimes times;

    RulesInForce(ForwardingEngine engine, RuleEvents events, InstantSource clock) {
        this.engine = engine;
        this.events = events;
        this.times = new StateTimes(clock);
    }

    @Override
    public List<Problem> publish(RuleSet rules) {
        publishing.lock();
        try {
            ForwardingTable last = table.orElse(ForwardingTable.EMPTY);
            RuleDifference change = RuleDifference.between(last.rules(), rules);
            boolean well = engine.unbound().isEmpty() && Absent.from(engine).none();
            if (well && table.isPresent() && change.none()) {
                return List.of();
            }
            List<Problem> problems = RuleChecks.check(last, change, List.of());
            if (!problems.isEmpty()) {
                return problems;
            }
            // Where every listener is bound and every kind recognised before and after, rules that are in both sets are as they were.
            boolean known = well && engine.table().equals(last);
            List<RuleStatus> before = known ? List.of() : statuses();
            ForwardingTable next = last.with(change);
            boolean first = table.isEmpty();
            List<Problem> unbound = engine.apply(next);
            table = Optional.of(next);
            times.published(change);
            Absent missing = Absent.from(engine);
            if (known && unbound.isEmpty() && missing.none()) {
                changed(change);
            } else {
                // At the start parts come in any order; the engine tells of kinds that nobody has come for.
                events.changed(known ? active(last.rules()) : before, statuses(first ? Absent.NOBODY : missing));
            }
            return missing.none() ? unbound : Stream.concat(unbound.stream(), missing.problems(next)).toList();
        } finally {
            publishing.unlock();
        }
    }

    private void changed(RuleDifference change) {
        events.changed(change.edits().stream().flatMap(edit -> edit.older().stream()).map(RulesInForce::active).toList(),
            change.edits().stream().flatMap(edit -> edit.newer().stream()).map(RulesInForce::active).toList());
    }

    private static List<RuleStatus> active(RuleSet rules) {
        return rules.rules().stream().map(RulesInForce::active).toList();
    }

    /** The state of a rule whose listeners are all bound. */
    private static RuleStatus active(Rule rule) {
        return new RuleStatus(rule, rule.enabled() ? State.ACTIVE : State.DISABLED, List.of());
    }

    @Override
    public Optional<RuleSet> current() {
        return table.map(ForwardingTable::rules);
    }

    @Override
    public List<RuleStatus> statuses() {
        return statuses(Absent.from(engine));
    }

    @Override
    public Map<Long, RuleTimes> ruleTimes() {
        times.missing(Absent.from(engine).names());
        Map<ListenKey, ListenerView> listeners = listeners();
        return current().map(RuleSet::rules).orElse(List.of()).stream()
            .collect(Collectors.toMap(Rule::id, rule -> times.of(rule, listeners), (one, same) -> one));
    }

    private Map<ListenKey, ListenerView> listeners() {
        return engine.listeners().stream().collect(Collectors.toMap(ListenerView::key, listener -> listener));
    }

    private List<RuleStatus> statuses(Absent missing) {
        Optional<ForwardingTable> now = table;
        List<Rule> rules = now.map(ForwardingTable::rules).map(RuleSet::rules).orElse(List.of());
        times.missing(missing.names());
        Map<ListenKey, ListenerView> listeners = listeners();
        List<RuleStatus> statuses = new ArrayList<>(rules.size());
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            statuses.add(status(rule, listeners, missing.none() ? Optional.empty() : missing.problem(now.orElseThrow(), place)));
        }
        return List.copyOf(statuses);
    }

    private static RuleStatus status(Rule rule, Map<ListenKey, ListenerView> listeners, Optional<Problem> unrecognised) {
        if (!rule.enabled()) {
            return new RuleStatus(rule, State.DISABLED, List.of());
        }
        List<Problem> problems = new ArrayList<>();
        rule.listenKeys().forEach(key ->
            Optional.ofNullable(listeners.get(key)).map(ListenerView::problem).orElseGet(() -> Optional.of(unknown(key)))
                .ifPresent(problems::add));
        unrecognised.ifPresent(problems::add);
        return new RuleStatus(rule, problems.isEmpty() ? State.ACTIVE : State.FAILED, problems);
    }

    private static Problem unknown(ListenKey key) {
        return Problem.of(ProblemCode.COMPONENT_MISSING, "listen " + key, "the engine does not have the listener yet; its log says why");
    }
}
