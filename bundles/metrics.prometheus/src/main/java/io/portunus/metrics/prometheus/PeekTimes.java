// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.ListenerCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How long one port waited for its ClientHellos. The predecessor gives this as three plain counters with the label {@code le}, and so does
 * the plain text here, written by hand because the library ends each counter with {@code _total}. OpenMetrics allows no such counters;
 * there it is a histogram with the same series. Immutable.
 *
 * @param client this node
 * @param port the port
 * @param buckets cumulative counts by {@link ListenerCounts#BUCKET_SECONDS}, the last being all
 * @param sum seconds of all peeks
 */
record PeekTimes(String client, int port, List<Long> buckets, double sum) {
    private static final String NAME = "portunus_tls_client_hello_peek_duration_seconds";
    /** What others than the predecessor's readers should use: a histogram in every format. */
    private static final String OURS = "portunus_tls_hello_peek_seconds";
    private static final String HELP = "Time from accept to the decision by name.";

    PeekTimes {
        buckets = List.copyOf(buckets);
    }

    /** Listeners of one port on several addresses are one entry. */
    static List<PeekTimes> byPort(String client, List<ListenerCounts> listeners) {
        SortedMap<Integer, PeekTimes> byPort = new TreeMap<>();
        for (ListenerCounts l : listeners) {
            byPort.merge(l.port(), new PeekTimes(client, l.port(), l.peekBuckets(), l.peekSecondsSum()), PeekTimes::plus);
        }
        return List.copyOf(byPort.values());
    }

    private PeekTimes plus(PeekTimes other) {
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            sums.add(buckets.get(i) + other.buckets.get(i));
        }
        return new PeekTimes(client, port, sums, sum + other.sum);
    }

    static HistogramSnapshot histogram(List<PeekTimes> ports) {
        return histogram(OURS, ports);
    }

    /** The histogram by the predecessor's name, where its counters cannot be. */
    static HistogramSnapshot predecessors(List<PeekTimes> ports) {
        return histogram(NAME, ports);
    }

    private static HistogramSnapshot histogram(String name, List<PeekTimes> ports) {
        HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).help(HELP);
        for (PeekTimes times : ports) {
            ClassicHistogramBuckets.Builder counts = ClassicHistogramBuckets.builder();
            long before = 0;
            for (int i = 0; i < times.buckets.size(); i++) {
                // The library requires each bucket's own count, not the cumulative one.
                counts.bucket(bound(i), times.buckets.get(i) - before);
                before = times.buckets.get(i);
            }
            if (times.buckets.size() <= ListenerCounts.BUCKET_SECONDS.size()) {
                counts.bucket(Double.POSITIVE_INFINITY, 0);
            }
            family.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder().classicHistogramBuckets(counts.build())
                .sum(times.sum).labels(Labels.of("client", times.client, "port", Integer.toString(times.port))).build());
        }
        return family.build();
    }

    static String plainCounters(List<PeekTimes> ports) {
        return family("_bucket", ports, PeekTimes::bucketLines)
            + family("_count", ports, p -> p.line("_count", "", p.buckets.getLast().doubleValue()))
            + family("_sum", ports, p -> p.line("_sum", "", p.sum));
    }

    private static String family(String suffix, List<PeekTimes> ports, Function<PeekTimes, String> lines) {
        if (ports.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(256);
        text.append("# HELP ").append(NAME).append(suffix).append(' ').append(HELP).append('\n');
        text.append("# TYPE ").append(NAME).append(suffix).append(" counter\n");
        ports.forEach(p -> text.append(lines.apply(p)));
        return text.toString();
    }

    private String bucketLines() {
        StringBuilder text = new StringBuilder(1024);
        for (int i = 0; i < buckets.size(); i++) {
            String le = Double.isInfinite(bound(i)) ? "+Inf" : BigDecimal.valueOf(bound(i)).stripTrailingZeros().toPlainString();
            text.append(line("_bucket", ",le=\"" + le + "\"", buckets.get(i).doubleValue()));
        }
        return text.toString();
    }

    private String line(String suffix, String moreLabels, double value) {
        return NAME + suffix + "{client=\"" + escaped(client) + "\",port=\"" + port + "\"" + moreLabels + "} " + value + "\n";
    }

    /** Escapes a label value as the text format 0.0.4 requires. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static double bound(int bucket) {
        return bucket < ListenerCounts.BUCKET_SECONDS.size() ? ListenerCounts.BUCKET_SECONDS.get(bucket) : Double.POSITIVE_INFINITY;
    }
}
