// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ListenerCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Places for, and counters of, the connections of one listener that wait for their prelude. Thread-safe. */
final class PeekCounters {
    private static final double NANOS = 1e9;
    private static final Set<CloseReason> MISSES = Set.of(CloseReason.NO_MATCHING_NAME, CloseReason.NO_NAME);
    private static final Set<CloseReason> PARSE_FAILURES = Set.of(CloseReason.PEEK_TIMEOUT, CloseReason.NOT_TLS, CloseReason.NOT_RECOGNISED,
        CloseReason.HELLO_MALFORMED);

    private final AtomicInteger peeking = new AtomicInteger();
    private final LongAdder misses = new LongAdder();
    private final LongAdder parseFailures = new LongAdder();
    private final LongAdder capacityRejections = new LongAdder();
    private final List<LongAdder> buckets =
        Stream.generate(LongAdder::new).limit(ListenerCounts.BUCKET_SECONDS.size() + 1L).toList();
    private final LongAdder nanos = new LongAdder();

    /** One more; answers how many they are now. */
    int begin() {
        return peeking.incrementAndGet();
    }

    /** The last one did not begin. */
    void undo() {
        peeking.decrementAndGet();
    }

    int peeking() {
        return peeking.get();
    }

    void end(long tookNanos) {
        peeking.decrementAndGet();
        nanos.add(tookNanos);
        double seconds = tookNanos / NANOS;
        int bucket = 0;
        while (bucket < ListenerCounts.BUCKET_SECONDS.size() && seconds > ListenerCounts.BUCKET_SECONDS.get(bucket)) {
            bucket++;
        }
        buckets.get(bucket).increment();
    }

    void closed(CloseReason reason) {
        if (MISSES.contains(reason)) {
            misses.increment();
        } else if (PARSE_FAILURES.contains(reason)) {
            parseFailures.increment();
        } else if (reason.equals(CloseReason.PEEK_CAPACITY)) {
            capacityRejections.increment();
        }
    }

    ListenerCounts snapshot(int port) {
        List<Long> cumulative = new ArrayList<>();
        long sum = 0;
        for (LongAdder bucket : buckets) {
            sum += bucket.sum();
            cumulative.add(sum);
        }
        return new ListenerCounts(port, misses.sum(), parseFailures.sum(), capacityRejections.sum(), peeking.get(), cumulative,
            nanos.sum() / NANOS);
    }
}
