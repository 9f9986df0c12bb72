// SPDX-License-Identifier: Apache-2.0
package com.example.cap;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tokens for bytes, which flows of all loops share. Its state is one number, the bytes that were spent since it was made; what it has is what
 * it earned in that time less those. So it needs no thread to refill it, and no lock. Thread-safe; no call allocates.
 */
final class Bucket {
    /** The most it can count without an overflow in two years. */
    static final long MAX_BYTES_PER_SECOND = 100_000_000_000L;
    /** Less is not worth a wake-up, unless less was wanted: what comes in a fiftieth of a second, but not more than this. */
    private static final int MAX_LEAST = 64 * 1024;
    private static final int WAKES_PER_SECOND = 50;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final long burst;
    private final int least;
    private final LongSupplier nanos;
    private final long made;
    private final AtomicLong spent;

    /**
     * Makes a full one.
     *
     * @param bytesPerSecond what it earns, 1 to {@value #MAX_BYTES_PER_SECOND}
     * @param burst what it holds, at least 1
     */
    Bucket(long bytesPerSecond, long burst, LongSupplier nanos) {
        if (bytesPerSecond < 1 || bytesPerSecond > MAX_BYTES_PER_SECOND || burst < 1) {
            throw new IllegalArgumentException("no bucket of " + burst + " bytes earns " + bytesPerSecond + " bytes a second");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.burst = burst;
        this.least = (int) Math.min(burst, Math.clamp(bytesPerSecond / WAKES_PER_SECOND, 1, MAX_LEAST));
        this.nanos = nanos;
        this.made = nanos.getAsLong();
        this.spent = new AtomicLong(-burst);
    }

    /** Takes at most this many bytes, and none while there are too few to be worth it. */
    int take(int wanted) {
        long earned = earned();
        while (true) {
            long before = spent.get();
            // What was earned beyond the burst is lost.
            long from = Math.max(before, earned - burst);
            long there = earned - from;
            if (there < Math.min(wanted, least)) {
                return 0;
            }
            int taken = (int) Math.min(wanted, there);
            if (spent.compareAndSet(before, from + taken)) {
                return taken;
            }
        }
    }

    void giveBack(int unused) {
        spent.addAndGet(-unused);
    }

    /** Nanoseconds until {@link #take} gives something, if nobody else comes first. */
    long untilSome(int wanted) {
        long missing = spent.get() + Math.min(wanted, least) - earned();
        return missing <= 0 ? 0 : missing * SECOND / bytesPerSecond + 1;
    }

    /** Grows with time, whole seconds first, so that nothing overflows. */
    private long earned() {
        long elapsed = nanos.getAsLong() - made;
        return elapsed / SECOND * bytesPerSecond + (long) ((double) (elapsed % SECOND) * bytesPerSecond / SECOND);
    }
}
