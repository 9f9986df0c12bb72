// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One descriptor kept back for when there are none left: it is given up for the client that has waited longest, who learns by a
 * reset that nobody will serve it, and taken again. Warns at most every {@value #QUIET_SECONDS} s that connections cannot be accepted.
 * Thread-safe.
 */
final class Reserve {
    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final int NONE = -1;
    private static final long QUIET_SECONDS = 10;

    private final LongSupplier nanoClock;
    private final AtomicInteger kept;
    private final AtomicLong silentUntil;

    Reserve(SocketLibc libc, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.kept = new AtomicInteger(any(libc));
        this.silentUntil = new AtomicLong(nanoClock.getAsLong());
    }

    private static int any(SocketLibc libc) {
        return libc.eventfd(0, Libc.O_CLOEXEC);
    }

    /** Turns away who waits first, if the reserve is there. */
    void turnAway(Sockets sockets, int listener) {
        int given = kept.getAndSet(NONE);
        if (given == NONE) {
            return;
        }
        sockets.close(given);
        int unserved = sockets.accept(listener);
        if (unserved >= 0) {
            sockets.abort(unserved);
            sockets.close(unserved);
        }
        kept.set(any(sockets.libc()));
    }

    /** Logs it, unless that was just done; returns whether it has. */
    boolean warn(InetSocketAddress listener, int errno) {
        long now = nanoClock.getAsLong();
        long until = silentUntil.get();
        if (now - until < 0 || !silentUntil.compareAndSet(until, now + TimeUnit.SECONDS.toNanos(QUIET_SECONDS))) {
            return false;
        }
        LOG.atWarn().addKeyValue("event", "rule.accept_error").addKeyValue("listener", listener).setCause(new SystemException(errno))
            .log("connections cannot be accepted; it is tried again");
        return true;
    }

    /** Whether there is one. */
    boolean present() {
        return kept.get() != NONE;
    }

    void close(SocketLibc libc) {
        int given = kept.getAndSet(NONE);
        if (given != NONE) {
            libc.close(given);
        }
    }
}
