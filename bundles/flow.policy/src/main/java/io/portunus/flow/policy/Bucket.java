// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.SharedCell;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A token bucket that lies in a cell, so that all flows, loops and versions of the policy take from the same one. What it may hand out follows from
 * one number, the time at which it is full again, and from the clock: nothing fills it, and nobody waits for another. Thread-safe.
 *
 * <p>Places of the cell, agreed upon by all versions: {@value #RATE} tokens a second, 0 for no limit; {@value #BURST} tokens it holds at most;
 * {@value #FULL_AT} when it is full, by the monotonic clock.
 */
final class Bucket {
    /** Longest datagram of UDP; so many tokens are lent at once at most. */
    static final int MAX_LOAN = 65_507;
    private static final int RATE = 0;
    private static final int BURST = 1;
    private static final int FULL_AT = 2;
    private static final double SECOND = 1e9;
    /** What a token may lack because times are whole nanoseconds. */
    private static final double ROUNDING = 1e-6;

    private final SharedCell cell;
    private final AtomicLongArray values;
    private final LongSupplier nanos;

    Bucket(SharedCell cell, LongSupplier nanos) {
        this.cell = cell;
        this.values = cell.values();
        this.nanos = nanos;
    }

    /** Sets what it goes by from now on. What it has it keeps, up to the burst; what flows have booked is theirs no more. */
    void set(Limits.Pace pace) {
        long rate = values.get(RATE);
        long burst = values.get(BURST);
        if (rate == pace.rate() && burst == pace.burst()) {
            return;
        }
        long now = now();
        double has = rate == 0 ? (double) pace.burst() : Math.clamp(level(now, values.get(FULL_AT), rate, burst), 0, (double) pace.burst());
        values.set(BURST, pace.burst());
        values.set(RATE, pace.rate());
        values.set(FULL_AT, now + (pace.rate() == 0 ? 0 : cost(pace.burst() - has, pace.rate())));
    }

    /** Tokens a second; 0 for no limit. */
    long rate() {
        return values.get(RATE);
    }

    /** The time, in nanoseconds. */
    long now() {
        return nanos.getAsLong();
    }

    long burst() {
        return values.get(BURST);
    }

    /**
     * Takes tokens that are there.
     *
     * @return how many, 0 if there are fewer than the least, at most those asked for; all of them without a limit
     */
    int take(int wanted, int least) {
        return take(wanted, least, 0);
    }

    /** Takes what is there; when it is full, as many tokens as one datagram may have, however small the burst, and what follows pays for them. */
    int takeOrBorrow(int wanted) {
        return take(wanted, 1, MAX_LOAN);
    }

    private int take(int wanted, int least, int loan) {
        while (true) {
            long rate = values.get(RATE);
            if (rate == 0) {
                return wanted;
            }
            long burst = values.get(BURST);
            long fullAt = values.get(FULL_AT);
            long now = nanos.getAsLong();
            double level = level(now, fullAt, rate, burst);
            double most = level >= burst ? (double) Math.max(burst, loan) : level;
            int taken = (int) Math.min(wanted, most + ROUNDING);
            if (taken < least) {
                return 0;
            }
            if (values.compareAndSet(FULL_AT, fullAt, later(fullAt, now) + cost(taken, rate))) {
                return taken;
            }
        }
    }

    /**
     * Takes tokens that will be there, behind what others have booked.
     *
     * @return when they are, by the clock
     */
    long book(int tokens) {
        while (true) {
            long rate = values.get(RATE);
            long fullAt = values.get(FULL_AT);
            long now = nanos.getAsLong();
            if (rate == 0) {
                return now;
            }
            long next = later(fullAt, now) + cost(tokens, rate);
            if (values.compareAndSet(FULL_AT, fullAt, next)) {
                return next - cost((double) values.get(BURST), rate);
            }
        }
    }

    /** Takes tokens that have been spent already, whether they are there or not. */
    void spend(int tokens) {
        book(tokens);
    }

    /** Takes tokens back. */
    void giveBack(int tokens) {
        long rate = values.get(RATE);
        if (rate != 0) {
            values.addAndGet(FULL_AT, -cost(tokens, rate));
        }
    }

    /** Tokens that are there now; below 0 where flows have booked what is yet to come. Of no use without a limit. */
    long left() {
        return (long) Math.floor(level(nanos.getAsLong(), values.get(FULL_AT), values.get(RATE), values.get(BURST)) + ROUNDING);
    }

    /** Time until there is one token, 0 if there is. */
    long toNext() {
        long rate = values.get(RATE);
        return rate == 0 ? 0 : Math.max(0, values.get(FULL_AT) + cost(1, rate) - cost((double) values.get(BURST), rate) - nanos.getAsLong());
    }

    /** Lets its cell go; it is of use until it would be full. */
    void release() {
        cell.release(Duration.ofNanos(Math.max(0, values.get(FULL_AT) - nanos.getAsLong())));
    }

    private static double level(long now, long fullAt, long rate, long burst) {
        return burst - (double) Math.max(0, fullAt - now) * rate / SECOND;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private static long cost(double tokens, long rate) {
        return Math.round(tokens * SECOND / rate);
    }
}
