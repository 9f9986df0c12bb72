// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.LoopView;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Whether the loops of the transports turn. Stateless. */
final class LoopFamilies {
    private LoopFamilies() {
    }

    static List<MetricSnapshot> of(String client, List<LoopView> loops) {
        GaugeSnapshot.Builder states = GaugeSnapshot.builder().name("portunus_loops")
            .help("Loops that carry connections, by state: those that are stalled or lost do nothing.");
        // Every state from the start: an alert asks for the bad ones.
        for (LoopView.State state : LoopView.State.values()) {
            Labels labels = Labels.of("client", client, "state", state.name().toLowerCase(Locale.ROOT));
            states.dataPoint(GaugeDataPointSnapshot.builder().labels(labels)
                .value((double) loops.stream().filter(loop -> loop.state() == state).count()).build());
        }
        double longest = loops.stream().map(LoopView::silent).mapToLong(Duration::toSeconds).max().orElse(0);
        return List.of(states.build(), GaugeSnapshot.builder().name("portunus_loop_silence_seconds")
            .help("Longest time that a loop has not turned, of those there are now.")
            .dataPoint(GaugeDataPointSnapshot.builder().labels(Labels.of("client", client)).value(longest).build()).build());
    }
}
