// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that looks for work by itself while there is some, so that nobody has to wake it for each piece, and sleeps until it is woken
 * when there is none. Thread-safe.
 */
final class AccessTurns {
    /** Between two looks while there is work: how old a line is at most when it is written. */
    static final Duration TURN = Duration.ofMillis(100);
    /** Looks in vain before the thread sleeps. */
    private static final int VAIN = 20;

    private final Thread thread;
    private final BooleanSupplier work;
    private final BooleanSupplier idle;
    private final Runnable end;
    /** What is to be done besides; bounded by the reloads of a turn. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Volatile: whoever adds work reads it after the work is visible, the thread looks for work after it is set; one of them sees the other. */
    private volatile boolean asleep;
    /** Volatile: set by the thread that closes. */
    private volatile boolean closing;

    /**
     * Not started yet.
     *
     * @param name of the thread
     * @param work does what there is to do; whether there was anything
     * @param idle whether there is nothing to do
     * @param end what the thread does last
     */
    AccessTurns(String name, BooleanSupplier work, BooleanSupplier idle, Runnable end) {
        this.work = work;
        this.idle = idle;
        this.end = end;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Wakes the thread because there is work; cheap while it is awake. */
    void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** Lets it look now. */
    void hurry() {
        LockSupport.unpark(thread);
    }

    /** Has the thread do something between two looks. */
    void execute(Runnable task) {
        tasks.add(task);
        hurry();
    }

    /** Ends the thread once all work is done; waits for that, but not for ever. */
    void close(Duration atMost) {
        closing = true;
        hurry();
        try {
            if (!thread.join(atMost)) {
                // A write that hangs is given up; the thread is a daemon and ends with its first return.
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int vain = 0;
        while (!closing) {
            boolean any = turn();
            vain = any ? 0 : vain + 1;
            if (vain < VAIN) {
                LockSupport.parkNanos(this, TURN.toNanos());
            } else {
                sleep();
            }
        }
        turn();
        tasks.add(end);
        turn();
    }

    /** What was asked for, then one look. The edge of the thread: whatever is thrown costs a turn, never the thread. */
    private boolean turn() {
        boolean any = false;
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                any = true;
                task.run();
            }
            any |= work.getAsBoolean();
        } catch (RuntimeException lastResort) {
            System.err.println("portunus: access records could not be written: " + lastResort);
        }
        return any;
    }

    private void sleep() {
        asleep = true;
        if (idle.getAsBoolean() && tasks.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
