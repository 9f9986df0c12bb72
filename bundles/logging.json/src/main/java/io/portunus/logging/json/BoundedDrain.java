// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * A bounded queue with one thread that empties it in batches. Thread-safe: {@link #offer} takes no lock and never waits, so I/O threads may
 * call it.
 *
 * @param <E> what is queued
 */
final class BoundedDrain<E> implements AutoCloseable {
    /** Entries handed over at once. */
    static final int MAX_BATCH = 512;
    /** Longest wait for what is left when the drain is closed. */
    static final Duration CLOSE_WAIT = Duration.ofSeconds(2);
    /** A writer that nobody wakes looks again after this time; a bound on a wait that is not expected to be missed. */
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Bounds bounds;
    private final ToLongFunction<E> weigher;
    private final Sink<E> sink;
    private final Queue<E> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicLong weight = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean idle = new AtomicBoolean();
    private final Thread thread;
    /** Volatile: set by the thread that closes, read by all others. */
    private volatile boolean closing;

    private BoundedDrain(String name, Bounds bounds, ToLongFunction<E> weigher, Sink<E> sink) {
        this.bounds = bounds;
        this.weigher = weigher;
        this.sink = sink;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** Starts the thread. */
    static <E> BoundedDrain<E> start(String name, Bounds bounds, ToLongFunction<E> weigher, Sink<E> sink) {
        BoundedDrain<E> drain = new BoundedDrain<>(name, bounds, weigher, sink);
        drain.thread.start();
        return drain;
    }

    /** Queues an element; without room it is dropped, counted, and the answer is false. */
    boolean offer(E element) {
        long heavy = weigher.applyAsLong(element);
        if (closing || !reserve(heavy)) {
            dropped.increment();
            return false;
        }
        queue.add(element);
        if (idle.get() && idle.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    private boolean reserve(long heavy) {
        if (entries.incrementAndGet() > bounds.entries()) {
            entries.decrementAndGet();
            return false;
        }
        if (weight.addAndGet(heavy) > bounds.weight()) {
            weight.addAndGet(-heavy);
            entries.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Takes nothing more, and waits at most {@link #CLOSE_WAIT} until what was taken is written. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSE_WAIT)) {
                // A write that hangs is given up; the thread is a daemon and ends with its first return.
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            drainOnce();
            idle.set(true);
            if (queue.isEmpty() && !closing) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
            idle.set(false);
            if (closing && Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        lastResort(() -> sink.finish(dropped.sumThenReset()));
    }

    private void drainOnce() {
        List<E> batch = new ArrayList<>();
        for (E element = queue.poll(); element != null; element = batch.size() < MAX_BATCH ? queue.poll() : null) {
            batch.add(element);
        }
        long lost = dropped.sumThenReset();
        if (!batch.isEmpty() || lost > 0) {
            lastResort(() -> sink.write(batch, lost));
        }
        // Given back after the write, so that what is being written counts as well.
        entries.addAndGet(-batch.size());
        weight.addAndGet(-batch.stream().mapToLong(weigher).sum());
    }

    /** The edge of the thread: whatever a sink throws costs one batch, never the thread. It cannot be logged: this is the log. */
    private static void lastResort(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException defect) {
            System.err.println("portunus: a batch of log lines could not be written: " + defect);
        }
    }

    /**
     * How much may wait.
     *
     * @param entries most elements
     * @param weight most weight of all elements
     */
    record Bounds(int entries, long weight) {
    }

    /**
     * Where batches go; called by the drain's thread only.
     *
     * @param <E> what is queued
     */
    interface Sink<E> {
        /**
         * Writes a batch.
         *
         * @param batch in the order they were offered, at most {@link #MAX_BATCH}
         * @param lost how many were dropped since the last call
         */
        void write(List<E> batch, long lost);

        /** Called once after the last batch, with what was dropped since. */
        void finish(long lost);
    }
}
