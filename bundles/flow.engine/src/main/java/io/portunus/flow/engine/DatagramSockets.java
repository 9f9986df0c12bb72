// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DatagramSpec.Sharing;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sockets of a listener of datagrams, one on each loop of its transport (SO_REUSEPORT, socket(7)). When its rules go they take no new
 * sessions, and stay until the last session has ended; a listener of the same key that comes meanwhile goes on with them. Thread-safe.
 */
final class DatagramSockets {
    /** The transport of a listener has no sockets for datagrams. */
    static final ListenFailure NO_DATAGRAMS = new ListenFailure(ListenFailure.Cause.OTHER, "its transport carries no datagrams");
    /** How long a loop may take to open a socket: it does so between two events. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Provider carrier;
    private final List<SessionSocket> sockets = new ArrayList<>();
    private final AtomicLong sessions = new AtomicLong();
    /** Volatile: loops read it for each datagram without a session; a listener that comes again replaces it. */
    private volatile EngineListener listener;
    private volatile boolean closing;
    private volatile Runnable onLast = () -> { };

    private DatagramSockets(Provider carrier, EngineListener listener) {
        this.carrier = carrier;
        this.listener = listener;
    }

    /**
     * Opens them.
     *
     * @throws ListenException when one of them cannot be opened; then none is open
     */
    static DatagramSockets open(Engine engine, EngineListener listener, Provider carrier, DatagramSpec spec) throws ListenException {
        DatagramSockets all = new DatagramSockets(carrier, listener);
        DatagramSpec next = spec.sharing(Sharing.FIRST);
        try {
            for (EventLoop loop : carrier.as(Transport.class).loops()) {
                DatagramPort port = all.open(engine, loop, next);
                next = new DatagramSpec(new InetSocketAddress(spec.local().getAddress(), port.local().getPort()), spec.peer(), spec.tuning(),
                    spec.ownFamilyOnly(), spec.trains(), Sharing.JOINS);
            }
        } catch (ListenException refused) {
            all.closeSockets();
            throw refused;
        }
        return all;
    }

    /** Opens one on its loop, and waits for it. */
    private DatagramPort open(Engine engine, EventLoop loop, DatagramSpec spec) throws ListenException {
        CompletableFuture<DatagramPort> opened = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    DatagramPort port = carrier.as(Transport.class).datagrams(loop, spec).orElseThrow(() -> new ListenException(NO_DATAGRAMS));
                    if (!opened.complete(port)) {
                        port.close();
                        return;
                    }
                    SessionSocket socket = new SessionSocket(engine, this, carrier, port);
                    synchronized (sockets) {
                        sockets.add(socket);
                    }
                    socket.open();
                } catch (Throwable lastResort) {
                    opened.completeExceptionally(lastResort);
                }
            });
            return opened.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ListenException refused ? refused : failed(String.valueOf(e.getCause()));
        } catch (TimeoutException | RejectedExecutionException e) {
            opened.cancel(false);
            throw failed("a loop of its transport did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opened.cancel(false);
            throw failed("it was interrupted");
        }
    }

    private static ListenException failed(String text) {
        return new ListenException(new ListenFailure(ListenFailure.Cause.OTHER, text));
    }

    /** The transport that has them. */
    Provider carrier() {
        return carrier;
    }

    EngineListener listener() {
        return listener;
    }

    /** Whether no session may begin any more. */
    boolean closing() {
        return closing;
    }

    int descriptors() {
        synchronized (sockets) {
            return sockets.size();
        }
    }

    /** A session began. */
    void began() {
        sessions.incrementAndGet();
    }

    /** A session ended. */
    void ended() {
        if (sessions.decrementAndGet() == 0 && closing) {
            finish();
        }
    }

    /**
     * Takes no more sessions, and closes with the last of those that are open.
     *
     * @param then run once, when it is closed
     */
    void close(Runnable then) {
        onLast = then;
        closing = true;
        if (sessions.get() == 0) {
            finish();
        }
    }

    /** Takes sessions again, for another listener of the same key; whether its sockets are still there. */
    synchronized boolean reopen(EngineListener newer) {
        if (!closing || descriptors() == 0) {
            return false;
        }
        listener = newer;
        closing = false;
        return true;
    }

    private void finish() {
        synchronized (this) {
            if (!closing || descriptors() == 0) {
                return;
            }
            closeSockets();
        }
        onLast.run();
    }

    /** Closes all, whatever sessions there are. */
    void closeSockets() {
        List<SessionSocket> open;
        synchronized (sockets) {
            open = List.copyOf(sockets);
            sockets.clear();
        }
        CountDownLatch closed = new CountDownLatch(open.size());
        open.forEach(socket -> socket.loop().execute(() -> {
            socket.close();
            closed.countDown();
        }));
        if (open.stream().noneMatch(socket -> socket.loop().inside())) {
            await(closed);
        }
    }

    /** Who publishes may bind the same address next; a loop must not wait. */
    private static void await(CountDownLatch closed) {
        try {
            closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
