// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, never for time. */
public final class Await {
    private static final long LOOK_EVERY_NANOS = 20_000_000;

    private Await() {
    }

    /**
     * Waits until the condition holds.
     *
     * @throws AssertionError if it does not within the time, with the description
     */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + atMost + ": " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
