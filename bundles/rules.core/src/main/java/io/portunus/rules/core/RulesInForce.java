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
import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The rule set in force. Thread-safe: sets are applied one after the other, readers never wait for them. */
final class RulesInForce implements RulePublisher, RuleCatalog {
    private final ForwardingEngine engine;
    private final RuleEvents events;
    private final ReentrantLock publishing = new ReentrantLock();
    /** Volatile: written under the lock, read by surfaces without it. */
    private volatile Optional<RuleSet> current = Optional.empty();

    RulesInForce(ForwardingEngine engine, RuleEvents events) {
        this.engine = engine;
        this.events = events;
    }

    @Override
    public List<Problem> publish(RuleSet rules) {
        publishing.lock();
        try {
            boolean bound = engine.listeners().stream().allMatch(ListenerView::bound);
            if (bound && current.equals(Optional.of(rules))) {
                return List.of();
            }
            List<Problem> problems = RuleChecks.check(rules.rules(), List.of());
            return problems.isEmpty() ? apply(rules) : problems;
        } finally {
            publishing.unlock();
        }
    }

    private List<Problem> apply(RuleSet rules) {
        List<RuleStatus> before = statuses();
        List<Problem> unbound = engine.apply(ForwardingTable.compile(rules));
        current = Optional.of(rules);
        events.changed(before, statuses());
        return unbound;
    }

    @Override
    public Optional<RuleSet> current() {
        return current;
    }

    @Override
    public List<RuleStatus> statuses() {
        List<Rule> rules = current.map(RuleSet::rules).orElse(List.of());
        Map<ListenKey, ListenerView> listeners = new HashMap<>();
        engine.listeners().forEach(l -> listeners.put(l.key(), l));
        return rules.stream().map(r -> status(r, listeners)).toList();
    }

    private static RuleStatus status(Rule rule, Map<ListenKey, ListenerView> listeners) {
        if (!rule.enabled()) {
            return new RuleStatus(rule, State.DISABLED, List.of());
        }
        List<Problem> problems = new ArrayList<>();
        rule.listen().stream().flatMapToInt(r -> r.ports()).mapToObj(port -> new ListenKey(rule.bind(), port)).forEach(key ->
            Optional.ofNullable(listeners.get(key)).map(ListenerView::problem).orElseGet(() -> Optional.of(unknown(key)))
                .ifPresent(problems::add));
        return new RuleStatus(rule, problems.isEmpty() ? State.ACTIVE : State.FAILED, problems);
    }

    private static Problem unknown(ListenKey key) {
        return Problem.of(ProblemCode.COMPONENT_MISSING, "listen " + key, "the engine does not have the listener yet; its log says why");
    }
}
