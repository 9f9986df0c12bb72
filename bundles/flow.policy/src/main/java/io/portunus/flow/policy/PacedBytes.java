// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.time.Duration;

/**
 * Bytes of one direction of a stream, which wait for their bucket. A flow that finds too little books its share behind those who came before, and is
 * woken when that is there; so all have their turn, and a timer that is late loses nothing. Whoever waits looks every {@link #LOOK} whether the limit
 * is still what it was. Confined to the flow's loop; allocates when it has to wait, and only then.
 */
final class PacedBytes implements Budget, Runnable {
    /** Between two looks at a limit that a flow waits for. */
    static final Duration LOOK = Duration.ofMillis(100);
    /** Shares in a second: what a flow gets in one turn comes in 10 ms, so that it moves some every few milliseconds. */
    private static final int SHARES = 100;
    /** Largest share in bytes: what a pump takes by splice(2) at once. */
    private static final int MAX_SHARE = 1024 * 1024;
    private static final Cancellable NOTHING = () -> { };

    private final Bucket bucket;
    private final EventLoop loop;
    private Cancellable timer = NOTHING;
    private Runnable waiter = () -> { };
    /** Bytes that are booked; 0 for none. */
    private int booked;
    /** The limit that they were booked by. */
    private long bookedRate;
    private long due;

    PacedBytes(Bucket bucket, EventLoop loop) {
        this.bucket = bucket;
        this.loop = loop;
    }

    @Override
    public int grant(int wanted, Runnable again) {
        long rate = bucket.rate();
        if (booked == 0) {
            return rate == 0 ? wanted : begin(wanted, rate, again);
        }
        long left = due - bucket.now();
        if (rate == bookedRate && left > 0) {
            await(left, again);
            return 0;
        }
        int own = rate == bookedRate ? booked : 0;
        booked = 0;
        if (own == 0) {
            // The limit was changed, and with it went what was booked.
            return grant(wanted, again);
        }
        if (own >= wanted) {
            bucket.giveBack(own - wanted);
            return wanted;
        }
        return own + bucket.take(wanted - own, 1);
    }

    private int begin(int wanted, long rate, Runnable again) {
        int share = Math.min(wanted, Math.clamp(Math.min(rate / SHARES, bucket.burst()), 1, MAX_SHARE));
        int taken = bucket.take(wanted, share);
        if (taken > 0) {
            return taken;
        }
        booked = share;
        bookedRate = rate;
        due = bucket.book(share);
        await(Math.max(0, due - bucket.now()), again);
        return 0;
    }

    private void await(long left, Runnable again) {
        waiter = again;
        timer = loop.after(Duration.ofNanos(Math.min(left, LOOK.toNanos())), this);
    }

    /** The time has come, or it is time to look. */
    @Override
    public void run() {
        waiter.run();
    }

    @Override
    public void spend(int moved) {
        bucket.spend(moved);
    }

    @Override
    public void giveBack(int unused) {
        bucket.giveBack(unused);
    }

    /** The flow is over: what it has booked is for others. */
    void release() {
        timer.cancel();
        if (booked > 0 && bucket.rate() == bookedRate) {
            bucket.giveBack(booked);
        }
        booked = 0;
    }
}
