// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.LoopView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.model.Problem;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RuleSourceStatus;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** {@code GET /v1/status}: the node in one look. `rule_sources` has each source of rules, and in `last` why its rules are the last ones from disk. */
final class StatusResource implements Resource {
    private final Parts parts;
    private final Clock clock;

    StatusResource(Parts parts, Clock clock) {
        this.parts = parts;
        this.clock = clock;
    }

    @Override
    public String template() {
        return "/v1/status";
    }

    @Override
    public Optional<Right> right() {
        return Optional.of(Rights.NODE_READ);
    }

    @Override
    public Reply handle(Request request) {
        NodeInfo node = parts.node().orElseThrow(() -> Parts.missing("node"));
        RuleCatalog catalog = parts.catalog().orElseThrow(() -> Parts.missing("rules"));
        List<RuleStatus> rules = catalog.statuses();
        ForwardingEngine engine = parts.engine().orElseThrow(() -> Parts.missing("forwarding"));
        EngineCounts counts = engine.counts();
        long uptime = Duration.between(node.startedAt(), clock.instant()).toSeconds();
        return Json.reply(new StatusBody(node.label(), node.version(), node.startedAt(), uptime, RulesBody.of(rules),
            catalog.sources().stream().map(SourceBody::of).toList(),
            ListenersBody.of(engine.listeners()), LoopsBody.of(engine.loops()), counts.active(), Pumps.name(parts), Totals.of(counts),
            counts.capacity()));
    }

    private record StatusBody(String label, String version, Instant startedAt, long uptimeSecs, RulesBody rules, List<SourceBody> ruleSources,
            ListenersBody listeners, LoopsBody loops, long flows, String pump, Totals totals, EngineCounts.Capacity capacity) {
    }

    private record RulesBody(int total, long active, long failed, long disabled) {
        static RulesBody of(List<RuleStatus> rules) {
            return new RulesBody(rules.size(), count(rules, State.ACTIVE), count(rules, State.FAILED), count(rules, State.DISABLED));
        }

        private static long count(List<RuleStatus> rules, State state) {
            return rules.stream().filter(r -> r.state() == state).count();
        }
    }

    /** A source of rules; {@code stored} is the revision that is on disk, {@code last} why the rules are the last ones from there. */
    private record SourceBody(String name, String revision, int rules, int waiting, Optional<String> stored, Optional<String> last) {
        static SourceBody of(RuleSourceStatus source) {
            return new SourceBody(source.name(), source.revision(), source.rules(), source.waiting(), source.stored(),
                source.last().map(Problem::text));
        }
    }

    private record ListenersBody(int total, long bound) {
        static ListenersBody of(List<ListenerView> listeners) {
            return new ListenersBody(listeners.size(), listeners.stream().filter(ListenerView::bound).count());
        }
    }

    private record LoopsBody(int total, long stalled, long lost) {
        static LoopsBody of(List<LoopView> loops) {
            return new LoopsBody(loops.size(), count(loops, LoopView.State.STALLED), count(loops, LoopView.State.LOST));
        }

        private static long count(List<LoopView> loops, LoopView.State state) {
            return loops.stream().filter(loop -> loop.state() == state).count();
        }
    }

    /** Sums since the process started; the bytes are those of the rules in force. */
    private record Totals(long accepted, long bytesIn, long bytesOut, Map<String, Long> closed, long accessRecordsDropped) {
        static Totals of(EngineCounts counts) {
            Map<String, Long> closed = new TreeMap<>();
            counts.closed().forEach((reason, n) -> closed.put(reason.code(), n));
            return new Totals(counts.accepted(), sum(counts, RuleCounts::bytesIn), sum(counts, RuleCounts::bytesOut), closed,
                counts.recordsDropped());
        }

        private static long sum(EngineCounts counts, ToLongFunction<RuleCounts> value) {
            return counts.rules().stream().mapToLong(value).sum();
        }
    }
}
