// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.Transport;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.api.SystemCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Sockets and loops by epoll(7). Thread-safe. Once retired it binds no more; listeners and flows that it has go on until their owners close
 * them, connections to targets included, and each loop ends with the last of its sockets and timers.
 */
final class EpollTransport implements Transport, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Volatile: replaced by whoever binds newer ones, read by whoever opens or closes a listener. */
    private volatile SystemCalls calls;
    private final List<EpollLoop> loops;
    private final Reserve reserve;
    private final AtomicInteger running;
    /** As many as their owners have listeners. */
    private final Set<EpollBoundSocket> bound = ConcurrentHashMap.newKeySet();
    /** Loops that do not turn, whose connections others accept; guarded by itself. */
    private final Set<EpollLoop> stalled = new HashSet<>();
    /** Volatile: set by whoever deactivates, read by whoever binds. */
    private volatile boolean retired;

    private EpollTransport(SystemCalls calls, int count, LongSupplier nanoClock) throws IOException {
        this.calls = calls;
        this.running = new AtomicInteger(count);
        this.reserve = new Reserve(calls.sockets(), nanoClock);
        List<EpollLoop> made = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                made.add(loop(i, nanoClock));
            }
        } finally {
            // They were counted before they were made.
            for (int i = made.size(); i < count; i++) {
                ended();
            }
            made.forEach(EpollLoop::start);
            if (made.size() < count) {
                made.forEach(EpollLoop::stop);
            }
        }
        this.loops = List.copyOf(made);
    }

    private EpollLoop loop(int number, LongSupplier nanoClock) throws IOException {
        Waker waker = new Waker(newCalls());
        try {
            return new EpollLoop(number, this::newCalls, waker, nanoClock, this::ended);
        } catch (IOException refused) {
            waker.close();
            throw refused;
        }
    }

    private void ended() {
        if (running.decrementAndGet() == 0) {
            reserve.close(newCalls());
        }
    }

    /**
     * Starts the loops.
     *
     * @throws IOException when the system refuses, out of descriptors as a rule
     */
    static EpollTransport start(SystemCalls calls, int loops, LongSupplier nanoClock) throws IOException {
        return new EpollTransport(calls, loops, nanoClock);
    }

    private SocketLibc newCalls() {
        return calls.sockets();
    }

    /** Makes its calls by others from now on; listeners, streams and loops stay as they are. A loop that is in a call returns from it first. */
    void calls(SystemCalls newer) {
        calls = newer;
        loops.forEach(loop -> loop.calls(newer.sockets(), newer.sockets()));
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public List<EventLoop> loops() {
        return List.copyOf(loops);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each loop accepts for itself, from a socket of its own. Sockets that are taken over are duplicated if they give their descriptors:
     * the loops accept from their queues, and nobody notices. Those that do not are closed first.
     */
    @Override
    public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws ListenException {
        return listening(() -> opened(spec, onAccept));
    }

    /** Opens something that is bound. */
    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T listening(Opening<T> opening) throws ListenException {
        try {
            return opening.open();
        } catch (SystemException refused) {
            throw new ListenException(refused.listening());
        } catch (IOException refused) {
            throw new ListenException(new ListenFailure(ListenFailure.Cause.OTHER, String.valueOf(refused.getMessage())));
        }
    }

    private BoundSocket opened(ListenSpec spec, Consumer<Stream> onAccept) throws IOException {
        if (retired) {
            throw new IOException("the transport is being replaced");
        }
        Sockets sockets = new Sockets(newCalls());
        Optional<BoundSocket> former = spec.takesOver();
        List<Integer> adopted = former.map(BoundSocket::descriptors).orElse(List.of());
        if (adopted.isEmpty()) {
            former.ifPresent(BoundSocket::close);
        }
        ListeningSockets opened = adopted.isEmpty()
            ? ListeningSockets.bind(sockets, spec, loops.size()) : ListeningSockets.takeOver(sockets, spec, adopted, loops.size());
        BoundSocket socket = accept(opened, spec, onAccept);
        former.ifPresent(BoundSocket::close);
        return socket;
    }

    private BoundSocket accept(ListeningSockets opened, ListenSpec spec, Consumer<Stream> onAccept) throws IOException {
        InetSocketAddress address = new InetSocketAddress(spec.address().getAddress(), opened.port());
        Acceptor.Listener listener = new Acceptor.Listener(address, address.getAddress().isAnyLocalAddress() ? null : address, opened.shared(),
            spec.backlog(), spec.takesOver().map(former -> spec.tuning()), onAccept);
        List<Acceptor> acceptors = IntStream.range(0, opened.descriptors().size())
            .mapToObj(i -> new Acceptor(loops.get(i % loops.size()), opened.descriptors().get(i), listener, reserve)).toList();
        EpollBoundSocket socket = new EpollBoundSocket(address, opened.ofQueues(), acceptors, this::newCalls, bound::remove);
        try {
            for (int i = 0; i < acceptors.size(); i++) {
                loops.get(i % loops.size()).execute(acceptors.get(i)::begin);
            }
        } catch (RejectedExecutionException ended) {
            socket.close();
            throw new IOException("the transport has ended", ended);
        }
        synchronized (stalled) {
            bound.add(socket);
            socket.around(loops, stalled);
        }
        return socket;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Two others, if there are so many, accept from its queues beside it.
     */
    @Override
    public boolean bypass(EventLoop loop, boolean around) {
        synchronized (stalled) {
            if (around ? stalled.add((EpollLoop) loop) : stalled.remove((EpollLoop) loop)) {
                bound.forEach(socket -> socket.around(loops, stalled));
            }
            return around && stalled.size() < loops.size();
        }
    }

    @Override
    public Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done) {
        assert loop.inside();
        return ConnectAttempt.start((EpollLoop) loop, spec, done);
    }

    @Override
    public Optional<DatagramPort> datagrams(EventLoop loop, DatagramSpec spec) throws ListenException {
        assert loop.inside();
        return Optional.of(listening(() -> {
            if (retired && spec.peer().isEmpty()) {
                throw new IOException("the transport is being replaced");
            }
            return EpollPort.open((EpollLoop) loop, spec);
        }));
    }

    /** Binds no more; what it has lives on, and the loops end after it. */
    void retire() {
        retired = true;
        loops.forEach(EpollLoop::retire);
    }

    /** Loops that have not ended. */
    int running() {
        return running.get();
    }

    /** Ends now, with whatever is open. Called from none of its loops. */
    @Override
    public void close() {
        retired = true;
        loops.forEach(EpollLoop::stop);
        try {
            for (EpollLoop loop : loops) {
                loop.join(PATIENCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
