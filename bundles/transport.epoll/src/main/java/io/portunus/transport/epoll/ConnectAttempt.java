// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is being made, by a connect(2) that does not wait. Confined to its loop, but for {@link #cancel}. */
final class ConnectAttempt implements EpollLoop.Source, Cancellable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectAttempt.class);
    private static final int BROKEN = SocketLibc.EPOLLERR | SocketLibc.EPOLLHUP;
    private static final int NONE = -1;

    private final EpollLoop loop;
    private final InetSocketAddress endpoint;
    private final ConnectListener done;
    private int descriptor = NONE;
    private boolean over;

    private ConnectAttempt(EpollLoop loop, InetSocketAddress endpoint, ConnectListener done) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.done = done;
    }

    static ConnectAttempt start(EpollLoop loop, ConnectSpec spec, ConnectListener done) {
        ConnectAttempt attempt = new ConnectAttempt(loop, spec.endpoint(), done);
        attempt.begin(spec).ifPresent(attempt::fail);
        return attempt;
    }

    /** Begins; why that failed, if it did. */
    private Optional<ConnectFailure> begin(ConnectSpec spec) {
        InetAddress to = endpoint.getAddress();
        if (to == null) {
            return Optional.of(new ConnectFailure(ConnectFailure.Cause.OTHER, "the name " + endpoint.getHostString() + " is not resolved"));
        }
        Sockets sockets = loop.sockets();
        int opened = sockets.open(Sockets.family(to));
        if (opened < 0) {
            return failure(false);
        }
        descriptor = opened;
        loop.add(descriptor, this);
        sockets.prepare(descriptor, spec.tuning());
        if (spec.source().isPresent()) {
            sockets.set(descriptor, SocketLibc.IPPROTO_IP, SocketLibc.IP_BIND_ADDRESS_NO_PORT, 1);
            if (sockets.bind(descriptor, spec.source().get(), 0) < 0) {
                return failure(true);
            }
        }
        // What a signal interrupts goes on by itself (connect(2)).
        if (sockets.connect(descriptor, endpoint) < 0 && loop.libc().errno() != SocketLibc.EINPROGRESS && loop.libc().errno() != Libc.EINTR) {
            return failure(false);
        }
        if (!loop.control(SocketLibc.EPOLL_CTL_ADD, descriptor, EpollStream.EDGES | SocketLibc.EPOLLOUT)) {
            return failure(false);
        }
        return Optional.empty();
    }

    private Optional<ConnectFailure> failure(boolean binding) {
        return Optional.of(SystemException.connecting(loop.libc().errno(), binding));
    }

    @Override
    public void ready(int events) {
        if (over) {
            return;
        }
        if ((events & BROKEN) != 0) {
            int error = loop.sockets().get(descriptor, SocketLibc.SOL_SOCKET, SocketLibc.SO_ERROR);
            if (error != 0) {
                fail(SystemException.connecting(Math.abs(error), false));
                return;
            }
        }
        if ((events & (SocketLibc.EPOLLOUT | BROKEN)) == 0) {
            return;
        }
        if (loop.sockets().reachesItself(descriptor, endpoint)) {
            // An end in order would keep the port from whoever would listen there, for a minute (TIME_WAIT).
            loop.sockets().abort(descriptor);
            fail(ConnectFailure.REFUSED);
            return;
        }
        over = true;
        Stream stream = EpollStream.connected(loop, descriptor, endpoint, events);
        try {
            done.connected(stream);
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a new connection was dropped");
            stream.reset();
        }
    }

    private void fail(ConnectFailure why) {
        end();
        done.failed(why);
    }

    private void end() {
        over = true;
        if (descriptor != NONE) {
            loop.remove(descriptor, this);
            loop.libc().close(descriptor);
        }
    }

    @Override
    public void cancel() {
        if (!loop.inside()) {
            loop.execute(this::cancel);
        } else if (!over) {
            end();
        }
    }

    @Override
    public void abandon() {
        cancel();
    }
}
