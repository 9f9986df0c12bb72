// SPDX-License-Identifier: Apache-2.0
package com.example.cap;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.time.Duration;

/** One direction of a flow, as it draws on a bucket. Confined to the flow's loop. Only a wait allocates: its timer. */
final class BucketBudget implements Budget {
    /** As fine as the timers of the loops are. */
    private static final long MIN_WAIT_NANOS = Duration.ofMillis(1).toNanos();
    private static final long MAX_WAIT_NANOS = Duration.ofMillis(100).toNanos();
    private static final Cancellable NO_WAIT = () -> { };

    private final Bucket bucket;
    private final EventLoop loop;
    private Cancellable wait = NO_WAIT;

    BucketBudget(Bucket bucket, EventLoop loop) {
        this.bucket = bucket;
        this.loop = loop;
    }

    @Override
    public int grant(int wanted, Runnable again) {
        int granted = bucket.take(wanted);
        if (granted == 0) {
            wait = loop.after(Duration.ofNanos(Math.clamp(bucket.untilSome(wanted), MIN_WAIT_NANOS, MAX_WAIT_NANOS)), again);
        }
        return granted;
    }

    @Override
    public void giveBack(int unused) {
        bucket.giveBack(unused);
    }

    void cancel() {
        wait.cancel();
        wait = NO_WAIT;
    }
}
