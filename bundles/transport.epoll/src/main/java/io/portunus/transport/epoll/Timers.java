// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Cancellable;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks for later, a heap by deadline. Cancelling takes constant time, from whatever thread: it forgets the task and leaves an empty shell
 * in the heap, which is swept once more than half of it are shells. So it is never larger than twice the timers that are under way, and
 * {@value #FEW}. Confined to its loop, but for cancelling.
 */
final class Timers {
    /** Shells that are not worth a sweep. */
    private static final int FEW = 256;
    /** Delays are cut here, so that differences of deadlines never overflow: 146 years. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private final PriorityQueue<Timer> heap = new PriorityQueue<>();
    private final AtomicInteger shells = new AtomicInteger();
    private final Consumer<Runnable> guarded;

    /**
     * Makes a heap without timers.
     *
     * @param guarded runs a task that may throw
     */
    Timers(Consumer<Runnable> guarded) {
        this.guarded = guarded;
    }

    /** One task; holds it until it has run or was cancelled. */
    private static final class Timer extends AtomicReference<@Nullable Runnable> implements Cancellable, Comparable<Timer> {
        private static final long serialVersionUID = 1;
        private final transient AtomicInteger shells;
        private final long deadline;

        Timer(Runnable task, AtomicInteger shells, long deadline) {
            super(task);
            this.shells = shells;
            this.deadline = deadline;
        }

        @Override
        public void cancel() {
            if (getAndSet(null) != null) {
                shells.incrementAndGet();
            }
        }

        @Override
        public int compareTo(Timer other) {
            return Long.signum(deadline - other.deadline);
        }
    }

    /** Makes a timer that {@link #add} has to follow; callable from any thread. */
    Cancellable timer(long now, long delayNanos, Runnable task) {
        return new Timer(task, shells, now + Math.clamp(delayNanos, 0, LONGEST));
    }

    void add(Cancellable timer) {
        int empty = shells.get();
        if (empty > FEW && empty > heap.size() / 2) {
            int before = heap.size();
            heap.removeIf(each -> each.get() == null);
            shells.addAndGet(heap.size() - before);
        }
        heap.add((Timer) timer);
    }

    /** Nanoseconds until the next is due, 0 if one is, negative if there is none. */
    long untilNext(long now) {
        for (Timer next = heap.peek(); next != null; next = heap.peek()) {
            if (next.get() != null) {
                return Math.max(next.deadline - now, 0);
            }
            heap.remove();
            shells.decrementAndGet();
        }
        return -1;
    }

    /** Runs those that are due. */
    void run(long now) {
        for (Timer next = heap.peek(); next != null && next.deadline - now <= 0; next = heap.peek()) {
            heap.remove();
            Runnable task = next.getAndSet(null);
            if (task == null) {
                shells.decrementAndGet();
            } else {
                guarded.accept(task);
            }
        }
    }

    boolean isEmpty() {
        return heap.isEmpty();
    }

    /** Timers and shells. */
    int size() {
        return heap.size();
    }
}
