// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the loops, on a thread of the system: those that carry virtual threads may be taken by the very code that blocks loops. Thread-safe.
 */
final class LoopWatchThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatchThread.class);

    private final LoopWatch watch;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    LoopWatchThread(LoopWatch watch) {
        this.watch = watch;
        this.thread = Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("engine-loops").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!over.await(LoopWatch.INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            watch.look();
        } catch (RuntimeException | LinkageError lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a look after the loops failed");
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
