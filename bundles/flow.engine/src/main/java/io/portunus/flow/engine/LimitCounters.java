// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitCounts.Refusal;
import io.portunus.model.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What became of the flows of one rule at the policies of one kind, whatever version served. Thread-safe; loops count without a lock. */
final class LimitCounters {
    private final ReasonCounters refused = new ReasonCounters(List.of());
    private final LongAdder heldBackIn = new LongAdder();
    private final LongAdder heldBackOut = new LongAdder();
    /** Volatile: written by whatever loop refuses, read by surfaces. */
    private volatile @Nullable Last last;

    private record Last(Instant at, InetAddress client, CloseReason reason) {
    }

    void refused(Instant at, InetAddress client, CloseReason reason) {
        refused.count(reason);
        last = new Last(at, client, reason);
    }

    void heldBack(boolean in, long nanos) {
        (in ? heldBackIn : heldBackOut).add(nanos);
    }

    /**
     * All of them.
     *
     * @param reasons what the policy may refuse for, which is there with 0
     * @param dropped datagrams that were dropped, by cause
     */
    LimitCounts counts(List<CloseReason> reasons, ToLongFunction<DatagramDrop> dropped) {
        Map<CloseReason, Long> sums = new HashMap<>(refused.sums());
        sums.values().removeIf(count -> count == 0);
        reasons.forEach(reason -> sums.putIfAbsent(reason, 0L));
        return new LimitCounts(sums, Optional.ofNullable(last).map(its -> new Refusal(its.at, IpLiterals.text(its.client), its.reason)),
            new HeldBack(Duration.ofNanos(heldBackIn.sum()), Duration.ofNanos(heldBackOut.sum())),
            dropped.applyAsLong(DatagramDrop.LIMIT_IN), dropped.applyAsLong(DatagramDrop.LIMIT_OUT));
    }
}
