// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.time.Duration;

/**
 * Bytes of one direction of a session of datagrams, which do not wait: what the bucket has is granted, and the session drops what does not fit.
 * Nothing is booked, so a flood of sessions that send once takes nothing from the others. A datagram that is longer than the burst passes when
 * the bucket is full. Confined to the session's loop; allocates a timer when the bucket is in debt, one at a time.
 */
final class PolicedBytes implements Budget {
    private static final Cancellable NOTHING = () -> { };

    private final Bucket bucket;
    private final EventLoop loop;
    private Cancellable timer = NOTHING;

    PolicedBytes(Bucket bucket, EventLoop loop) {
        this.bucket = bucket;
        this.loop = loop;
    }

    @Override
    public int grant(int wanted, Runnable again) {
        int granted = bucket.takeOrBorrow(wanted);
        if (granted == 0) {
            timer = loop.after(Duration.ofNanos(Math.min(bucket.toNext(), PacedBytes.LOOK.toNanos())), again);
        }
        return granted;
    }

    @Override
    public void spend(int moved) {
        bucket.spend(moved);
    }

    @Override
    public void giveBack(int unused) {
        bucket.giveBack(unused);
    }

    void release() {
        timer.cancel();
    }
}
