// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What is not decided here. Thread-safe.
 *
 * @param clock the wall's clock
 * @param nanos the clock that only runs forward
 * @param chance where numbers are drawn by the calling thread
 * @param aside runs what a loop should not
 */
record Environment(InstantSource clock, LongSupplier nanos, Supplier<RandomGenerator> chance, Executor aside) {
    /** The machine's. */
    static Environment system() {
        return new Environment(InstantSource.system(), System::nanoTime, ThreadLocalRandom::current,
            task -> Thread.ofVirtual().name("target-aside").start(task));
    }

    Timestamp now() {
        return new Timestamp(nanos.getAsLong(), clock.instant());
    }
}
