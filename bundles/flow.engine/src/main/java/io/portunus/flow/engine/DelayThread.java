// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread of its own for what the engine does later. Thread-safe. */
final class DelayThread implements Delay, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DelayThread.class);

    /**
     * What waits in it is bounded by who asks: a look at those who wait, and a try to bind, for each change of the engine's parts; and the end of
     * a drain, for each rule that went.
     */
    private final ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("engine-later").factory());

    DelayThread() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        try {
            Future<?> waiting = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> waiting.cancel(false);
        } catch (RejectedExecutionException closed) {
            LOG.trace("nothing is done later any more", closed);
            return () -> { };
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("something that was to be done later failed");
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
