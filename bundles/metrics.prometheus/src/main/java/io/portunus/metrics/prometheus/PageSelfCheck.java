// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.node.api.NodeInfo;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Renders a page of a node and a rule that are made up, in each format, before anybody is served. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class PageSelfCheck implements SelfCheck {
    private static final String CLIENT = "self-check";
    private static final List<String> FORMATS = List.of("text/plain", "application/openmetrics-text");
    private static final List<String> LINES = List.of("portunus_rule_bytes_in_total{client=\"self-check\",owner=\"\",rule=\"7\"} 11",
        "portunus_rate_limit_active_connections{client=\"self-check\",owner=\"\",rule=\"7\"} 2",
        "portunus_build_info{client=\"self-check\"", "process_start_time_seconds", "jvm_threads");

    /** Needs nothing and has no configuration. */
    @Activate
    public PageSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>();
        try (PrometheusPage page = new PrometheusPage(Optional::empty, () -> Optional.of(new SampleNode()), Optional::empty,
                () -> new NodeState(Optional.empty(), Optional.empty(), List.of()))) {
            for (String format : FORMATS) {
                String text = page.render(format).body() + PrometheusPage.write(PrometheusPage.writer(format), counted());
                LINES.stream().filter(line -> !text.contains(line)).forEach(line -> problems.add(Problem.of(SelfCheck.FAILED, format,
                    "A page of a known node lacks " + line + ".")));
            }
        }
        return problems;
    }

    private static List<MetricSnapshot> counted() {
        RuleCounts rule = new RuleCounts("known", "7", 11, 0, 0, 0, 0, 0, 0, 0, 0, false);
        EngineCounts counts = new EngineCounts(List.of(rule), List.of(), 0, 0, Map.of(), Map.of(), 0, new EngineCounts.Capacity(1, 1, 1, 1));
        List<MetricSnapshot> families = new ArrayList<>(EngineFamilies.of(CLIENT, counts));
        families.addAll(LimitFamilies.of(CLIENT, List.of(
            new LimitView("limits", "7", LimitRow.RULE, "known", Map.of(), Map.of(LimitRow.OPEN, 2L), LimitCounts.NONE))));
        return families;
    }

    /** A node. */
    private record SampleNode(String label, String version, Instant startedAt) implements NodeInfo {
        SampleNode() {
            this(CLIENT, "1", Instant.EPOCH);
        }
    }
}
