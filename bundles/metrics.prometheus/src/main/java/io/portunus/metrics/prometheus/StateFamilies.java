// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.ListenerView;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What an operator is woken for: whether the node is ready, which rules and listeners are down, what the last reload came to. Stateless. */
final class StateFamilies {
    private static final double MILLIS = 1e3;

    private StateFamilies() {
    }

    /** Readiness by check. A check that is expected and not there is not ready. */
    static List<MetricSnapshot> readiness(String client, List<PartReadiness> checks) {
        Map<Labels, Double> ready = new LinkedHashMap<>();
        Map<Labels, Double> degraded = new LinkedHashMap<>();
        ReadinessCheck.EXPECTED.forEach(name -> ready.put(Labels.of("client", client, "check", name), 0d));
        for (PartReadiness check : checks) {
            Labels labels = Labels.of("client", client, "check", check.name());
            ready.put(labels, truth(check.ready()));
            degraded.put(labels, (double) check.degraded().size());
        }
        return List.of(
            gauge("portunus_ready", "Whether the node is ready, as /readyz says.",
                Map.of(Labels.of("client", client), truth(ready.values().stream().allMatch(value -> value > 0)))),
            gauge("portunus_check_ready", "Whether a part of the node is ready.", ready),
            gauge("portunus_check_degraded", "Problems of a part of the node that keep it from nothing, and should be mended.", degraded));
    }

    /** The rules by state. */
    static List<MetricSnapshot> rules(String client, List<RuleStatus> statuses) {
        Map<Labels, Double> up = new LinkedHashMap<>();
        Map<Labels, Double> byState = new LinkedHashMap<>();
        for (State state : State.values()) {
            byState.put(Labels.of("client", client, "state", state.name().toLowerCase(Locale.ROOT)),
                (double) statuses.stream().filter(status -> status.state() == state).count());
        }
        statuses.stream().filter(status -> status.state() != State.DISABLED).forEach(status ->
            up.put(Labels.of("client", client, "rule", status.rule().idText(), "owner", ""), truth(status.state() == State.ACTIVE)));
        return List.of(gauge("portunus_rules", "Rules in force, by state.", byState),
            gauge("portunus_rule_up", "Whether an enabled rule is active: 1, or 0 while it has failed.", up));
    }

    /** The listeners. */
    static MetricSnapshot listeners(String client, List<ListenerView> listeners) {
        Map<Labels, Double> up = new LinkedHashMap<>();
        listeners.forEach(listener -> up.put(Labels.of("client", client, "listener", listener.key().toString()), truth(listener.bound())));
        return gauge("portunus_listener_up", "Whether a listener is bound: 1, or 0 while it cannot be.", up);
    }

    /** What the last reading of the configuration came to. */
    static List<MetricSnapshot> reload(String client, ConfigReload.Last last) {
        Labels labels = Labels.of("client", client);
        return Stream.of(
            gauge("portunus_config_last_reload_success", "Whether the configuration as last read was taken; if not, the next start would fail.",
                Map.of(labels, truth(last.problems().isEmpty()))),
            gauge("portunus_config_last_reload_timestamp_seconds", "When the configuration was last read, in seconds since 1970.",
                Map.of(labels, seconds(last.at()))),
            gauge("portunus_config_last_reload_success_timestamp_seconds", "When the configuration was last taken, in seconds since 1970.",
                Map.of(labels, seconds(last.takenAt()))),
            gauge("portunus_config_problems", "Problems of the configuration as it was last read.",
                Map.of(labels, (double) last.problems().size()))).map(MetricSnapshot.class::cast).toList();
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / MILLIS;
    }

    private static double truth(boolean is) {
        return is ? 1 : 0;
    }

    private static GaugeSnapshot gauge(String name, String help, Map<Labels, Double> values) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((labels, value) -> family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        return family.build();
    }
}
