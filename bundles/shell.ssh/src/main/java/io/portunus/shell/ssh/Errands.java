// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts the commands of a door that have not given their whole answer. Thread-safe. */
final class Errands {
    /** Commands at work at once; more than channels may be open, so nobody waits for a place. */
    private static final int MOST = 1 << 20;
    private final Semaphore places = new Semaphore(MOST);

    void begin() {
        places.acquireUninterruptibly();
    }

    void end() {
        places.release();
    }

    /** Waits until none is at work, and whether that came in time. */
    boolean over(Duration atMost) throws InterruptedException {
        boolean idle = places.tryAcquire(MOST, atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (idle) {
            places.release(MOST);
        }
        return idle;
    }
}
