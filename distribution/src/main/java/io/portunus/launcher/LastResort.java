// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Ends the process when a stop does not: bundles, components and hooks of the JVM may never come back, and a loop may stand still. Thread-safe; its
 * threads are the system's, since those of virtual threads may be taken, and it asks nobody for whom it does not wait with a bound.
 */
final class LastResort {
    /** What a stop may take beside the drain: bundles that stop, and hooks. */
    static final Duration GRACE = Duration.ofSeconds(10);
    /** What the drain may take while nobody states it, as before the configuration is read: the default of {@code shutdown_drain_secs}. */
    private static final Duration USUAL_DRAIN = Duration.ofSeconds(30);
    /** Longest wait for what others state, and for the report. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AtomicBoolean armed = new AtomicBoolean();
    private final Supplier<Duration> drain;
    private final Duration grace;
    private final Runnable report;
    private final IntSupplier code;
    private final IntConsumer halt;

    /**
     * Waits for nothing yet.
     *
     * @param drain how long the drain may take; may throw or never return, and counts as the usual then
     * @param grace what a stop may take beside it
     * @param report writes down what did not end; may throw or never return
     * @param code of the process
     * @param halt ends the process, whoever runs
     */
    LastResort(Supplier<Duration> drain, Duration grace, Runnable report, IntSupplier code, IntConsumer halt) {
        this.drain = drain;
        this.grace = grace;
        this.report = report;
        this.code = code;
        this.halt = halt;
    }

    /** A stop begins. Returns at once; only the first call counts. */
    void arm() {
        if (armed.compareAndSet(false, true)) {
            thread("last-resort", this::run);
        }
    }

    private static void thread(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    private void run() {
        Duration atMost = asked("last-resort-drain", drain, USUAL_DRAIN).plus(grace);
        try {
            boolean over = new CountDownLatch(1).await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            assert !over : "nobody calls it off: the process ends before, or here";
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        asked("last-resort-report", () -> {
            report.run();
            return true;
        }, false);
        halt.accept(code.getAsInt());
    }

    private static <T> T asked(String name, Supplier<T> question, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        thread(name, () -> {
            try {
                answer.complete(question.get());
            } catch (Throwable lastResort) {
                answer.completeExceptionally(lastResort);
            }
        });
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            return otherwise;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }
}
