// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ended flows by reason. Reasons come from everywhere, and each that is counted apart is a series in metrics for as long as the node runs; so
 * there is room for {@value #MOST}, whoever comes first, and the others are counted as {@link CloseReason#OTHER}. Thread-safe, without a lock;
 * counting a reason that was there before makes nothing.
 */
final class ReasonCounters {
    /** Reasons that are counted apart: the contract's, some 30, and those of a dozen bundles. */
    static final int MOST = 128;

    private final Map<CloseReason, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final LongAdder others = new LongAdder();

    /** Counters of some reasons, from 0 on. */
    ReasonCounters(List<CloseReason> first) {
        add(first);
    }

    /** Counts more reasons from 0 on, as far as there is room. */
    void add(List<CloseReason> more) {
        more.forEach(this::counter);
    }

    void count(CloseReason reason) {
        count(reason, 1);
    }

    void count(CloseReason reason, int times) {
        LongAdder known = counts.get(reason);
        (known == null ? counter(reason) : known).add(times);
    }

    private LongAdder counter(CloseReason reason) {
        LongAdder known = reason.equals(CloseReason.OTHER) ? others : counts.get(reason);
        if (known != null) {
            return known;
        }
        if (taken.getAndUpdate(places -> Math.min(places + 1, MOST)) == MOST) {
            return others;
        }
        LongAdder mine = new LongAdder();
        LongAdder first = counts.putIfAbsent(reason, mine);
        if (first != null) {
            taken.decrementAndGet();
            return first;
        }
        return mine;
    }

    /** Every reason that is counted apart, and what the others come to. */
    Map<CloseReason, Long> sums() {
        Map<CloseReason, Long> sums = new HashMap<>();
        counts.forEach((reason, count) -> sums.put(reason, count.sum()));
        sums.put(CloseReason.OTHER, others.sum());
        return sums;
    }
}
