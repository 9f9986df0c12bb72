// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.api.TargetView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine whose rules each have moved ten bytes in and twenty out; the port of a rule named {@code taken} is. */
final class FakeEngine implements ForwardingEngine {
    private volatile ForwardingTable table;

    FakeEngine(Rule... rules) {
        table = ForwardingTable.compile(new RuleSet("1", List.of(rules)));
    }

    @Override
    public List<Problem> apply(ForwardingTable next) {
        table = next;
        return List.of();
    }

    @Override
    public ForwardingTable table() {
        return table;
    }

    @Override
    public List<ListenerView> listeners() {
        return table.listeners().stream().map(listener -> {
            List<String> rules = listener.routes().stream().map(route -> route.rule().name()).toList();
            return new ListenerView(listener.key(), rules, "fake", rules.contains("taken")
                ? Optional.of(Problem.ofListener(ProblemCode.PORT_IN_USE, listener.key(), "taken")) : Optional.empty(), Instant.EPOCH);
        }).toList();
    }

    @Override
    public List<FlowView> flows() {
        return List.of();
    }

    @Override
    public boolean kill(long flowId) {
        return false;
    }

    @Override
    public EngineCounts counts() {
        return new EngineCounts(table.rules().rules().stream()
            .map(rule -> new RuleCounts(rule.name(), rule.idText(), 10, 20, 1, 2, 3, 4, 0, 0, 0, false)).toList(), List.of(), 1, 2, Map.of(), 0,
            new EngineCounts.Capacity(100, 90, 4096, 1 << 20));
    }

    @Override
    public List<TargetView> targets() {
        return table.rules().rules().stream().flatMap(rule -> rule.targets().targets().stream()
            .map(target -> new TargetView(rule.name(), rule.idText(), target.toString(), target.priority(), target.weight(),
                TargetView.State.HEALTHY, "", Instant.EPOCH, List.of(), new TargetView.Counts(0, 0, 0, 3, 0, 0), Optional.empty()))).toList();
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drained) {
        return false;
    }

    @Override
    public List<Problem> crowded() {
        return List.of();
    }

    @Override
    public List<Problem> lacks() {
        return List.of();
    }

    @Override
    public int drain(Duration atMost) {
        return 0;
    }
}
