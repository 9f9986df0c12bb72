// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.FlowTimes;
import io.portunus.flow.api.TimeCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** How long flows take, as histograms. Stateless. */
final class TimeFamilies {
    private TimeFamilies() {
    }

    static List<MetricSnapshot> of(String client, FlowTimes times) {
        return List.of(
            histogram("portunus_connect_duration_seconds", "Time from the decision where a connection goes to its open target.", client,
                times.connect()),
            histogram("portunus_connection_life_seconds", "Time from accept to the end of a connection.", client, times.life()));
    }

    private static HistogramSnapshot histogram(String name, String help, String client, TimeCounts times) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        int bounded = Math.min(times.bounds().size(), times.counts().size());
        for (int i = 0; i < bounded; i++) {
            buckets.bucket(times.bounds().get(i), times.counts().get(i));
        }
        buckets.bucket(Double.POSITIVE_INFINITY, times.counts().stream().skip(bounded).mapToLong(Long::longValue).sum());
        return HistogramSnapshot.builder().name(name).help(help).dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(buckets.build()).sum(times.seconds()).labels(Labels.of("client", client)).build()).build();
    }
}
