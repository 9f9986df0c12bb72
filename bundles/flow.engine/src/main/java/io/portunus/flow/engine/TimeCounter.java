// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.TimeCounts;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts times by buckets, without a lock and without an object per time. Thread-safe. */
final class TimeCounter {
    private static final double NANOS = 1e9;

    private final List<Double> bounds;
    private final long[] boundNanos;
    private final List<LongAdder> buckets;
    private final LongAdder nanos = new LongAdder();

    /**
     * A counter of nothing yet.
     *
     * @param bounds upper bounds in seconds, rising
     */
    TimeCounter(List<Double> bounds) {
        this.bounds = bounds;
        boundNanos = bounds.stream().mapToLong(seconds -> Math.round(seconds * NANOS)).toArray();
        buckets = Stream.generate(LongAdder::new).limit(bounds.size() + 1L).toList();
    }

    void add(long tookNanos) {
        nanos.add(tookNanos);
        int bucket = 0;
        while (bucket < boundNanos.length && tookNanos > boundNanos[bucket]) {
            bucket++;
        }
        buckets.get(bucket).increment();
    }

    TimeCounts counts() {
        return new TimeCounts(bounds, buckets.stream().map(LongAdder::sum).toList(), nanos.sum() / NANOS);
    }
}
