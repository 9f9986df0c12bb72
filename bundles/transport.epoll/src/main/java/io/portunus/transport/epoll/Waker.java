// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the wait of a loop from other threads, by eventfd(2). It is watched edge-triggered: each write is reported once, so that nobody has to
 * read it, and its counter would take 500,000 years to fill. Thread-safe.
 */
final class Waker {
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    /** Of its own, and its errno is never read: several threads may be in a call. Volatile: replaced under them. */
    private volatile SocketLibc libc;
    private final int descriptor;
    /** Kept for its address. */
    private final ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, 1);
    private final long addressOfOne;
    /** Published between the loop, which sets it before it looks for tasks a last time, and those who have added one. */
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    /** Threads that may be about to write: the number of the descriptor must not become another's before they have. */
    private final AtomicInteger inside = new AtomicInteger();
    /** Volatile: set by the loop, read by whoever comes. */
    private volatile boolean over;

    Waker(SocketLibc libc) throws IOException {
        this.libc = libc;
        descriptor = libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (descriptor < 0) {
            throw new SystemException(libc.errno());
        }
        addressOfOne = libc.address(one);
    }

    /** Makes its calls by others from now on. */
    void calls(SocketLibc newer) {
        libc = newer;
    }

    int descriptor() {
        return descriptor;
    }

    /** Begins what another thread does to the loop; if it answers true, {@link #leave} follows, after few instructions. */
    boolean enter() {
        inside.incrementAndGet();
        if (over) {
            inside.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        inside.decrementAndGet();
    }

    /** Wakes the loop if it sleeps or is about to; called between {@link #enter} and {@link #leave}. */
    void wake() {
        if (state.get() == ASLEEP && state.compareAndSet(ASLEEP, AWAKE)) {
            libc.write(descriptor, addressOfOne, Long.BYTES);
        }
    }

    /** The loop is about to sleep, if it finds nothing to do after this. */
    void sleeping() {
        state.set(ASLEEP);
    }

    void awake() {
        if (state.get() != AWAKE) {
            state.set(AWAKE);
        }
    }

    /** Lets nobody in any more, and waits for those who are: each of them has one system call to make at most. */
    void shut() {
        over = true;
        while (inside.get() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Lets them in again. */
    void open() {
        over = false;
    }

    void close() {
        libc.close(descriptor);
    }
}
