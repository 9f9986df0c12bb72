// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Stream;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One descriptor of a listening socket, accepted from on one loop. Confined to that loop, but for {@link #close}, which whoever comes first
 * does, on any thread: the gate keeps the descriptor open while a call of another thread is on it.
 */
final class Acceptor implements EpollLoop.Source {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    /** Connections taken in a row; more wait for the next round. */
    private static final int BATCH = 64;
    /** Pause after a failure; it doubles each time, up to the longest, and begins again once a connection was accepted. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int OPEN = 0;
    private static final int IN_CALL = 1;
    private static final int CLOSED = 2;

    /**
     * What the descriptors of one listener have in common.
     *
     * @param address it listens on
     * @param local address of all its connections; null when it is the wildcard
     * @param shared whether several descriptors are of one queue
     * @param backlog connections that a queue may hold, so many are taken from it at most when it is closed
     * @param adopted options of connections that may wait in a queue which was taken over, and began with those of its former owner
     */
    record Listener(InetSocketAddress address, @Nullable InetSocketAddress local, boolean shared, int backlog, Optional<SocketTuning> adopted,
            Consumer<Stream> onAccept) {
        Listener ofSharedQueue() {
            return new Listener(address, local, true, backlog, adopted, onAccept);
        }
    }

    private final EpollLoop loop;
    private final int descriptor;
    private final Listener listener;
    private final Reserve reserve;
    private final AtomicInteger gate = new AtomicInteger(OPEN);
    private Duration pause = FIRST_PAUSE;
    private boolean begun;
    /** Whether there may be connections in the queue that have not begun with our options: until it was found empty once. */
    private boolean strangers;

    Acceptor(EpollLoop loop, int descriptor, Listener listener, Reserve reserve) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.listener = listener;
        this.reserve = reserve;
        this.strangers = listener.adopted().isPresent();
    }

    EpollLoop loop() {
        return loop;
    }

    /**
     * Another one on the same queue, whose loop accepts from it in the place of this one's; {@link #begin} has to follow.
     *
     * @throws IOException when the system gives no descriptor
     */
    Acceptor standIn(EpollLoop other, Sockets caller) throws IOException {
        int copy = caller.libc().fcntl(descriptor, Libc.F_DUPFD_CLOEXEC, 0);
        if (copy < 0) {
            throw caller.failure();
        }
        return new Acceptor(other, copy, listener.ofSharedQueue(), reserve);
    }

    /** Begins to accept. */
    void begin() {
        if (gate.compareAndSet(OPEN, IN_CALL)) {
            begun = true;
            loop.add(descriptor, this);
            watch();
            gate.set(OPEN);
        }
    }

    private void watch() {
        if (!loop.control(SocketLibc.EPOLL_CTL_ADD, descriptor, SocketLibc.EPOLLIN | (listener.shared() ? SocketLibc.EPOLLEXCLUSIVE : 0))) {
            reserve.warn(listener.address(), loop.libc().errno());
            loop.after(LONGEST_PAUSE, this::resume);
        }
    }

    private void resume() {
        if (gate.compareAndSet(OPEN, IN_CALL)) {
            watch();
            gate.set(OPEN);
        }
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < BATCH && gate.compareAndSet(OPEN, IN_CALL); i++) {
            int accepted = loop.sockets().accept(descriptor);
            int errno = accepted < 0 ? loop.libc().errno() : 0;
            boolean pausing = accepted < 0 && !passing(errno);
            if (pausing) {
                exhausted(errno);
            }
            gate.set(OPEN);
            if (accepted >= 0) {
                pause = FIRST_PAUSE;
                handOver(accepted, loop.sockets().peer());
            } else if (pausing || errno == Libc.EAGAIN) {
                strangers &= pausing;
                return;
            }
        }
    }

    /** Whether an error concerns one connection only, or none (accept(2)). */
    private static boolean passing(int errno) {
        return switch (errno) {
            case SocketLibc.EMFILE, SocketLibc.ENFILE, SocketLibc.ENOBUFS, Libc.ENOMEM, Libc.EINVAL, Libc.ENOSYS -> false;
            default -> true;
        };
    }

    private void exhausted(int errno) {
        if (errno == SocketLibc.EMFILE || errno == SocketLibc.ENFILE) {
            reserve.turnAway(loop.sockets(), descriptor);
        }
        reserve.warn(listener.address(), errno);
        loop.unwatch(loop.libc(), descriptor);
        loop.after(pause, this::resume);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private void handOver(int accepted, InetSocketAddress peer) {
        if (strangers) {
            listener.adopted().ifPresent(tuning -> loop.sockets().prepare(accepted, tuning));
        }
        Stream stream = EpollStream.accepted(loop, accepted, peer, listener.local());
        try {
            listener.onAccept().accept(stream);
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a new connection was dropped");
            stream.reset();
        }
    }

    /**
     * Hands on what waits, if nobody else does, and closes. A connection that the kernel completes between the two is reset by it, unless the
     * queue is shared with a descriptor that lives on, or net.ipv4.tcp_migrate_req lets it go to another socket of the port.
     *
     * @param shared whether somebody else has a descriptor of the queue, and so those who wait in it
     */
    void close(Sockets caller, boolean shared) {
        while (!gate.compareAndSet(OPEN, CLOSED)) {
            if (gate.get() == CLOSED) {
                return;
            }
            Thread.onSpinWait();
        }
        boolean going = !shared;
        for (int i = 0; i < listener.backlog() && going; i++) {
            int accepted = caller.accept(descriptor);
            going = accepted >= 0 || caller.libc().errno() != Libc.EAGAIN && passing(caller.libc().errno());
            if (accepted >= 0) {
                passOn(accepted, caller);
            }
        }
        // Explicitly: epoll(7) forgets a socket with its last descriptor, and another transport may have one.
        loop.unwatch(caller.libc(), descriptor);
        caller.close(descriptor);
        order(this::left);
    }

    private void passOn(int accepted, Sockets caller) {
        InetSocketAddress peer = caller.peer();
        if (!order(() -> handOver(accepted, peer))) {
            caller.close(accepted);
        }
    }

    private boolean order(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            LOG.trace("the loop had ended", ended);
            return false;
        }
    }

    private void left() {
        if (begun) {
            begun = false;
            loop.remove(descriptor, this);
        }
    }

    @Override
    public void abandon() {
        if (gate.compareAndSet(OPEN, CLOSED)) {
            left();
            loop.libc().close(descriptor);
        }
    }
}
