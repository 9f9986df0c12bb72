// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.TargetView;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The targets of the rules. Failovers are the predecessor's metric and, as there, of rules with several targets only. Confined to one scrape. */
final class TargetFamilies {
    private final String client;
    private final List<TargetView> targets;

    private TargetFamilies(String client, List<TargetView> targets) {
        this.client = client;
        this.targets = targets;
    }

    static List<MetricSnapshot> of(String client, List<TargetView> targets) {
        TargetFamilies page = new TargetFamilies(client, targets);
        return List.of(page.failovers(),
            page.gauge("portunus_target_up", "Whether the target gets new connections: 1, or 0 while it has failed or is drained.",
                TargetFamilies::up),
            page.hostUp(),
            page.gauge("portunus_target_active_connections", "Connections to the target that are open now.", target -> target.counts().active()),
            page.counter("portunus_target_connections", "Connections made to the target.", target -> target.counts().connections()),
            page.counter("portunus_target_failures", "Connections to the target that could not be made.", target -> target.counts().failures()),
            page.counter("portunus_target_probes", "Probes of the target.", target -> target.counts().probes()),
            page.counter("portunus_target_probe_failures", "Probes of the target without a good answer.", target -> target.counts().probeFailures()));
    }

    private CounterSnapshot failovers() {
        Map<String, Long> targetsOf = new LinkedHashMap<>();
        Map<String, Long> flips = new LinkedHashMap<>();
        for (TargetView target : targets) {
            targetsOf.merge(target.ruleId(), 1L, Long::sum);
            flips.merge(target.ruleId(), target.counts().flips(), Long::sum);
        }
        CounterSnapshot.Builder family = CounterSnapshot.builder().name("portunus_rule_target_failovers")
            .help("Targets of the rule that failed or came back.");
        flips.forEach((rule, sum) -> {
            if (targetsOf.getOrDefault(rule, 0L) > 1) {
                family.dataPoint(CounterDataPointSnapshot.builder().labels(Labels.of("client", client, "rule", rule, "owner", ""))
                    .value((double) sum).build());
            }
        });
        return family.build();
    }

    private CounterSnapshot counter(String name, String help, ToLongFunction<TargetView> value) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        targets.forEach(target -> family.dataPoint(
            CounterDataPointSnapshot.builder().labels(labels(target)).value((double) value.applyAsLong(target)).build()));
        return family.build();
    }

    private GaugeSnapshot gauge(String name, String help, ToLongFunction<TargetView> value) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        targets.forEach(target -> family.dataPoint(
            GaugeDataPointSnapshot.builder().labels(labels(target)).value((double) value.applyAsLong(target)).build()));
        return family.build();
    }

    private static long up(TargetView target) {
        return target.state() == TargetView.State.HEALTHY || target.state() == TargetView.State.SLOW_START ? 1 : 0;
    }

    /** A service is one target in every other family, whatever it names; its hosts come and go with its records. */
    private GaugeSnapshot hostUp() {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name("portunus_target_host_up")
            .help("Whether a host that a service names gets new connections: 1, or 0 while it has failed.");
        targets.forEach(target -> target.hosts().forEach(host -> family.dataPoint(GaugeDataPointSnapshot.builder()
            .labels(labels(target).merge(Labels.of("host", host.target()))).value((double) up(host)).build())));
        return family.build();
    }

    private Labels labels(TargetView target) {
        return Labels.of("client", client, "rule", target.ruleId(), "target", target.target());
    }
}
