// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.FaultAccount;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The calls into one service of another bundle: each is interrupted when its request is out of time, too many that hang keep further ones
 * out, and whoever takes the service away waits for those at work. Thread-safe.
 */
final class ForeignCalls {
    /** Calls of one service that may hang beyond the end of their requests, each with a thread; then nobody else gets in. */
    static final int MAX_OVERDUE = 8;

    private final FaultAccount account;
    private final Set<Call> atWork = new HashSet<>();
    private int overdue;
    private boolean leaving;

    /** None is at work yet; what goes wrong is charged to the account. */
    ForeignCalls(FaultAccount account) {
        this.account = account;
    }

    /** One call. Guarded by what it belongs to. */
    private static final class Call {
        private final Thread thread = Thread.currentThread();
        private boolean interrupted;
        private boolean late;
        private boolean over;

        void interrupt() {
            interrupted = true;
            thread.interrupt();
        }
    }

    /**
     * Calls, on this thread.
     *
     * @return what the call came to; empty if the service had gone before it began
     * @throws RefusedException if the service hangs or goes meanwhile, or if it threw one itself
     */
    <T> Optional<T> run(RequestTime time, Supplier<T> what) {
        Optional<Call> begun = begin();
        return begun.map(call -> run(call, time, what));
    }

    private <T> T run(Call call, RequestTime time, Supplier<T> what) {
        time.enter(() -> late(call));
        try {
            return what.get();
        } catch (RefusedException refused) {
            throw refused;
        } catch (RuntimeException | Error failed) {
            if (wasInterrupted(call)) {
                throw gone();
            }
            account.note(failed);
            throw failed;
        } finally {
            time.leave();
            end(call);
        }
    }

    private synchronized Optional<Call> begin() {
        if (leaving) {
            return Optional.empty();
        }
        if (overdue >= MAX_OVERDUE) {
            throw new RefusedException(503, "resource_hangs", "",
                "Too many requests to this resource have not ended in time; its bundle is at fault, which /v1/bundles lists.");
        }
        Call call = new Call();
        atWork.add(call);
        return Optional.of(call);
    }

    private synchronized void late(Call call) {
        if (!call.over && !call.late) {
            call.late = true;
            overdue++;
            account.note(new TimeoutException("it did not answer in the time of its request"));
            call.interrupt();
        }
    }

    private synchronized boolean wasInterrupted(Call call) {
        return call.interrupted;
    }

    private synchronized void end(Call call) {
        call.over = true;
        atWork.remove(call);
        if (call.late) {
            overdue--;
        }
        if (call.interrupted) {
            // It was meant for the call; what is left is to answer.
            Thread.interrupted();
        }
        notifyAll();
    }

    /** Lets nobody in any more, and leaves those at work alone. */
    synchronized void shut() {
        leaving = true;
    }

    /**
     * Lets nobody in any more, and waits for who is at work, but not for the thread that calls this.
     *
     * @param grace longest until they are interrupted
     * @param afterwards longest from then on
     * @return whether the last has ended
     */
    synchronized boolean leave(Duration grace, Duration afterwards) {
        leaving = true;
        if (idle(grace)) {
            return true;
        }
        atWork.stream().filter(call -> call.thread != Thread.currentThread()).forEach(Call::interrupt);
        return idle(afterwards);
    }

    private synchronized boolean idle(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            while (!atWork.stream().allMatch(call -> call.thread == Thread.currentThread())) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What answers here was taken away, or is about to be. */
    static RefusedException gone() {
        return new RefusedException(503, ProblemCode.COMPONENT_MISSING.code(), "",
            "The bundle that answers here is stopping or being replaced; try again in a second.").with("Retry-After", "1");
    }
}
