// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.api.TargetView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.node.api.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Asks engine and node, and makes lines of what they answer. Confined to one thread. */
final class StatsSource {
    /** ASCII only: no reader has to be careful with what it shows, and camelCase becomes snake_case here and nowhere else. */
    private static final JsonMapper JSON = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final ForwardingEngine engine;
    private final NodeInfo node;
    private final LinuxProcess process;
    private final Clock clock;
    private final BooleanSupplier splices;

    /**
     * Asks nothing yet.
     *
     * @param splices whether the node can move bulk without copying it
     */
    StatsSource(ForwardingEngine engine, NodeInfo node, LinuxProcess process, Clock clock, BooleanSupplier splices) {
        this.engine = engine;
        this.node = node;
        this.process = process;
        this.clock = clock;
        this.splices = splices;
    }

    /** Whether bulk moves without a copy now; a change means that a hello is due. */
    boolean splices() {
        return splices.getAsBoolean();
    }

    /** The table in force; another one means that a hello is due. */
    ForwardingTable table() {
        return engine.table();
    }

    EngineCounts counts() {
        return engine.counts();
    }

    byte[] hello(ForwardingTable table, boolean splicing, Duration refresh) {
        return line(new Hello(Hello.PROTOCOL, node.version(), node.startedAt().toEpochMilli(), refresh.toMillis(),
            table.rules().rules().stream().map(rule -> Hello.RuleLine.of(rule, splicing)).toList()));
    }

    SnapshotLine snapshot() {
        Instant now = clock.instant();
        Map<String, List<TargetView>> targets = engine.targets().stream().collect(Collectors.groupingBy(TargetView::ruleId));
        Map<String, Rule> inForce = engine.table().rules().rules().stream().collect(Collectors.toMap(Rule::idText, rule -> rule));
        Map<String, Long> taken = engine.listeners().stream().filter(StatsSource::taken).flatMap(listener -> listener.rules().stream())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        List<Snapshot.RuleLine> rules = engine.counts().rules().stream().map(rule -> rule(rule, taken.getOrDefault(rule.rule(), 0L),
            targets.getOrDefault(rule.ruleId(), List.of()), Optional.ofNullable(inForce.get(rule.ruleId())))).toList();
        return SnapshotLine.of(now.toEpochMilli(), Duration.between(node.startedAt(), now).toMillis(), line(new Snapshot(process.read(), rules)));
    }

    private static boolean taken(ListenerView listener) {
        return listener.problem().filter(problem -> problem.code().equals(ProblemCode.PORT_IN_USE)).isPresent();
    }

    private static Snapshot.RuleLine rule(RuleCounts counts, long taken, List<TargetView> targets, Optional<Rule> rule) {
        long flips = targets.stream().mapToLong(target -> target.counts().flips()).sum();
        return new Snapshot.RuleLine(counts.ruleId(), counts.bytesIn(), counts.bytesOut(), counts.connections(), counts.total(),
            counts.datagrams().in(), counts.datagrams().out(), counts.sessions(), flips, Snapshot.Errors.of(taken, counts),
            rule.map(its -> states(its, targets)).orElse(List.of()));
    }

    private static List<Snapshot.TargetLine> states(Rule rule, List<TargetView> targets) {
        Map<String, Snapshot.TargetLine> known = targets.stream().collect(Collectors.toMap(TargetView::target,
            target -> new Snapshot.TargetLine(target.state().code(), target.reason()), (first, again) -> first));
        return rule.targets().targets().stream().map(target -> known.getOrDefault(target.toString(), Snapshot.TargetLine.UNKNOWN)).toList();
    }

    static byte[] line(Object value) {
        return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
