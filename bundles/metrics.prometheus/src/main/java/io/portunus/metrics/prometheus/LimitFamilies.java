// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.LimitRow;
import io.portunus.flow.api.LimitView;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * The limits of the rules. Names and labels are the predecessor's. Of a rule that goes by several policies their refusals and waits are added up; the
 * connections that each counts are the same ones, and the most of them are shown. Confined to one scrape.
 */
final class LimitFamilies {
    private static final double NANOS = 1e9;

    private final String client;
    private final Map<Labels, Double> rejected = new HashMap<>();
    private final Map<Labels, Double> heldBack = new HashMap<>();
    private final Map<Labels, Double> active = new HashMap<>();

    private LimitFamilies(String client) {
        this.client = client;
    }

    static List<MetricSnapshot> of(String client, List<LimitView> limits) {
        LimitFamilies page = new LimitFamilies(client);
        limits.stream().filter(LimitView::ofRule).forEach(page::add);
        return List.of(
            counter("portunus_rate_limit_reject", "Connections and sessions of the rule that a limit refused, by reason.", page.rejected),
            counter("portunus_rate_limit_throttle_seconds", "Time that bytes of the rule's connections waited for its limits.", page.heldBack),
            gauge("portunus_rate_limit_active_connections", "Connections and sessions open now that count by the rule's limits.", page.active));
    }

    private void add(LimitView limit) {
        Labels rule = Labels.of("client", client, "rule", limit.ruleId(), "owner", "");
        limit.counts().refused().forEach((reason, count) -> put(rejected, rule.add("reason", reason.code()), count, Double::sum));
        put(heldBack, rule.add("direction", "in"), seconds(limit.counts().heldBack().in()), Double::sum);
        put(heldBack, rule.add("direction", "out"), seconds(limit.counts().heldBack().out()), Double::sum);
        Long open = limit.use().get(LimitRow.OPEN);
        if (open != null) {
            put(active, rule, open, Math::max);
        }
    }

    private static void put(Map<Labels, Double> values, Labels labels, double value, BinaryOperator<Double> both) {
        values.merge(labels, value, both);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }

    private static CounterSnapshot counter(String name, String help, Map<Labels, Double> values) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        values.forEach((labels, value) -> family.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
        return family.build();
    }

    private static GaugeSnapshot gauge(String name, String help, Map<Labels, Double> values) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((labels, value) -> family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return family.build();
    }
}
