// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.util.stream.Collectors.joining;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.LoopView;
import io.portunus.flow.spi.BulkPath;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What {@code status} and {@code health} print: what is known, with a sentence for what is not. */
final class NodeText {
    static final Syntax STATUS = Syntax.words("portunus:status", 0);
    static final Syntax HEALTH = Syntax.words("portunus:health", 0);

    private NodeText() {
    }

    /** The node in a few lines. */
    static String status(NodeParts parts, Instant now) {
        StringBuilder text = new StringBuilder();
        line(text, "node", CommandRefused.orText(() -> {
            var info = Needed.INFO.of(parts.info);
            return Printable.escape(info.label()) + ", version " + Printable.escape(info.version()) + ", up "
                + Amounts.age(Duration.between(info.startedAt(), now)) + " since " + info.startedAt();
        }));
        long problems = problems(parts.readiness());
        line(text, "ready", problems == 0 ? "yes" : "no, 'portunus:health' says why");
        line(text, "rules", CommandRefused.orText(() -> rules(Needed.CATALOG.of(parts.catalog))));
        line(text, "listeners", CommandRefused.orText(() -> listeners(Needed.ENGINE.of(parts.engine).listeners())));
        Optional.ofNullable(parts.engine).map(ForwardingEngine::loops).filter(loops -> !loops.isEmpty())
            .ifPresent(loops -> line(text, "loops", loops.stream().filter(LoopView::turns).count() + " of " + loops.size() + " turn"));
        line(text, "pump", pump(Optional.ofNullable(parts.bulkPath)));
        Optional.ofNullable(parts.engine).map(ForwardingEngine::counts).ifPresent(counts -> counts(text, counts));
        return text.toString();
    }

    /** Every part of the node with its problems. */
    static String health(List<PartReadiness> checks) {
        TextTable table = new TextTable("PART", "READY", "PROBLEM");
        var names = new TreeSet<>(ReadinessCheck.EXPECTED);
        checks.forEach(c -> names.add(c.name()));
        for (String name : names) {
            List<PartReadiness> part = checks.stream().filter(c -> c.name().equals(name)).toList();
            var problems = part.stream().flatMap(c -> c.problems().stream()).toList();
            if (part.isEmpty()) {
                table.row(name, "no", "this part is not running (component_missing)");
            } else if (problems.isEmpty()) {
                table.row(name, "yes", "");
            }
            problems.forEach(p -> table.row(name, "no", RulesText.sentence(p)));
            part.stream().flatMap(c -> c.degraded().stream()).forEach(p -> table.row(name, "degraded", RulesText.sentence(p)));
        }
        return (problems(checks) == 0 ? "ready" : "not ready") + "\n" + table.render();
    }

    private static String pump(Optional<BulkPath> path) {
        return path.map(p -> p.unavailable().map(why -> "copy: " + RulesText.sentence(why)).orElse(p.name())).orElse("copy");
    }

    private static long problems(List<PartReadiness> checks) {
        long missing = ReadinessCheck.EXPECTED.stream().filter(name -> checks.stream().noneMatch(c -> c.name().equals(name))).count();
        return missing + checks.stream().mapToLong(c -> c.problems().size()).sum();
    }

    private static String rules(RuleCatalog catalog) {
        List<RuleStatus> statuses = catalog.statuses();
        return statuses.size() + " (" + List.of(RuleStatus.State.values()).stream()
            .map(s -> statuses.stream().filter(r -> r.state() == s).count() + " " + s.name().toLowerCase(Locale.ROOT)).collect(joining(", "))
            + ")" + catalog.current().map(set -> ", revision " + Printable.escape(set.revision())).orElse(", none applied yet");
    }

    private static String listeners(List<ListenerView> listeners) {
        return listeners.stream().filter(ListenerView::bound).count() + " of " + listeners.size() + " bound";
    }

    private static void counts(StringBuilder text, EngineCounts counts) {
        EngineCounts.Capacity capacity = counts.capacity();
        line(text, "flows", counts.active() + " live of at most " + capacity.connections() + ", " + counts.accepted() + " accepted since start");
        line(text, "buffers", Amounts.bytes(capacity.bufferedBytes()) + " of at most " + Amounts.bytes(capacity.bufferBytes()));
        line(text, "records", counts.recordsDropped() + " access records dropped");
        if (!counts.closed().isEmpty()) {
            line(text, "ended", counts.closed().entrySet().stream().filter(e -> e.getValue() > 0)
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(CloseReason::code)))
                .map(e -> e.getValue() + " " + e.getKey().code()).collect(joining(", ")));
        }
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(text.isEmpty() ? "" : "\n").append(String.format(Locale.ROOT, "%-10s %s", label, value));
    }
}
