// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.node.api.NodeInfo;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** What the page states of the node itself. */
final class NodeFamilies {
    private NodeFamilies() {
    }

    static List<MetricSnapshot> of(NodeInfo node) {
        Labels build = Labels.of("client", node.label(), "version", node.version(), "java_version", Runtime.version().toString());
        // The writer adds "_info" to the name.
        InfoSnapshot info = InfoSnapshot.builder().name("portunus_build").help("What runs here; always 1.")
            .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(build).build()).build();
        GaugeSnapshot start = GaugeSnapshot.builder().name("portunus_process_start_time_seconds")
            .help("When the process started, in seconds since 1970.")
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(Labels.of("client", node.label()))
                .value(node.startedAt().toEpochMilli() / 1000d).build())
            .build();
        return List.of(info, start);
    }
}
