// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens on other threads. */
final class Await {
    private static final long LIMIT_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 2_000_000;

    private Await() {
    }

    static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("nanoseconds that it took").isLessThan(LIMIT_NANOS);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
