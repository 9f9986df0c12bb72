// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
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
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** Sockets and loops on XNIO workers. Thread-safe. */
final class XnioTransport implements Transport, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(XnioTransport.class);

    /** Keepalive finds peers that vanished; TCP_NODELAY because a relay must not add Nagle's wait to that of its peers. */
    private static final OptionMap STREAM_OPTIONS = OptionMap.builder()
        .set(Options.TCP_NODELAY, true)
        .set(Options.KEEP_ALIVE, true)
        .getMap();

    /** Connections taken in a row where nobody else queues them; more wait for the next round of the loop, in the kernel. */
    private static final int BATCH = 64;

    /** One for each loop if each accepts for itself, else one for all. */
    private final List<XnioWorker> workers;
    private final Optional<InThreadServers> inThread;
    private final SocketDescriptors descriptors;
    private final Optional<DatagramWatches> watches;
    private final List<XnioLoop> loops;
    /** As many as their owners have listeners. */
    private final Set<XnioBoundSocket> bound = ConcurrentHashMap.newKeySet();
    /** Threads of loops that do not turn, whose connections others accept; changed under its own lock. */
    private final Set<XnioIoThread> stalled = ConcurrentHashMap.newKeySet();

    private XnioTransport(List<XnioWorker> workers, Optional<InThreadServers> inThread) {
        this.workers = List.copyOf(workers);
        this.inThread = inThread;
        this.descriptors = SocketDescriptors.of(workers.getFirst());
        this.watches = DatagramWatches.find(workers.getFirst().getClass().getClassLoader());
        this.loops = workers.stream().flatMap(worker -> IntStream.range(0, worker.getIoThreadCount()).mapToObj(worker::getIoThread))
            .map(thread -> new XnioLoop(thread, descriptors)).toList();
    }

    /** Starts as many loops. Each accepts for itself where that can be had. */
    static XnioTransport start(Xnio xnio, int loops) throws IOException {
        return start(xnio, loops, InThreadServers.find(xnio.getClass().getClassLoader()));
    }

    static XnioTransport start(Xnio xnio, int loops, Optional<InThreadServers> inThread) throws IOException {
        int count = inThread.isPresent() ? loops : 1;
        List<XnioWorker> workers = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                workers.add(worker(xnio, "flow-io-" + i, loops / count));
            }
            return new XnioTransport(workers, inThread);
        } catch (IOException | RuntimeException refused) {
            workers.forEach(XnioWorker::shutdownNow);
            throw refused;
        }
    }

    private static XnioWorker worker(Xnio xnio, String name, int ioThreads) throws IOException {
        return xnio.createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, name)
            .set(Options.WORKER_IO_THREADS, ioThreads)
            .set(Options.WORKER_TASK_CORE_THREADS, 1)
            .set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
    }

    @Override
    public String name() {
        return "xnio";
    }

    @Override
    public List<EventLoop> loops() {
        return List.copyOf(loops);
    }

    /**
     * {@inheritDoc}
     *
     * <p>XNIO cannot adopt a socket: one that is taken over is closed first, and whoever waits in its queue is reset by the kernel.
     */
    @Override
    public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws ListenException {
        spec.takesOver().ifPresent(BoundSocket::close);
        try {
            return opened(spec, onAccept);
        } catch (IOException refused) {
            throw new ListenException(ListenFailure.of(refused));
        }
    }

    private BoundSocket opened(ListenSpec spec, Consumer<Stream> onAccept) throws IOException {
        OptionMap options = OptionMap.builder().addAll(options(spec.tuning())).set(Options.BACKLOG, spec.backlog())
            .set(Options.REUSE_ADDRESSES, true).getMap();
        InThreadServers.Binding binding = new InThreadServers.Binding(spec.address(), spec.ownFamilyOnly(), spec.backlog(), options,
            c -> accept(c, BATCH, onAccept));
        List<XnioServer> servers = inThread.isPresent() ? inThread.get().open(workers, binding) : List.of(queued(spec, options, onAccept));
        for (XnioServer server : servers) {
            // Accepted sockets begin with the options of the one that listens, tcp(7).
            server.channel().ifPresent(channel -> Keepalive.set(channel, spec.tuning()));
            server.accepting().resumeAccepts();
        }
        XnioBoundSocket socket = new XnioBoundSocket(servers, descriptors,
            (home, thread) -> inThread.orElseThrow().standIn(home, thread, binding), stalled, bound::remove);
        synchronized (stalled) {
            bound.add(socket);
            socket.around(threads());
        }
        return socket;
    }

    private List<XnioIoThread> threads() {
        return loops.stream().map(XnioLoop::thread).toList();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Two others, if there are so many, accept from its sockets beside it; where XNIO accepts on a thread of its own, that one chooses.
     */
    @Override
    public boolean bypass(EventLoop loop, boolean around) {
        if (inThread.isEmpty()) {
            return false;
        }
        XnioIoThread thread = ((XnioLoop) loop).thread();
        synchronized (stalled) {
            if (around ? stalled.add(thread) : stalled.remove(thread)) {
                bound.forEach(socket -> socket.around(threads()));
            }
            return around && stalled.size() < loops.size();
        }
    }

    private XnioServer queued(ListenSpec spec, OptionMap options, Consumer<Stream> onAccept) throws IOException {
        AcceptingChannel<StreamConnection> server = workers.getFirst()
            .createStreamConnectionServer(spec.address(), c -> accept(c, Integer.MAX_VALUE, welcome(spec, onAccept)), options);
        return new XnioServer(server, descriptors.channel(server), Optional.empty());
    }

    /** XNIO opens sockets of both families by itself; whoever comes by the other one is turned away. */
    private static Consumer<Stream> welcome(ListenSpec spec, Consumer<Stream> onAccept) {
        InetAddress address = spec.address().getAddress();
        if (!spec.ownFamilyOnly() || !address.isAnyLocalAddress()) {
            return onAccept;
        }
        return stream -> {
            if (stream.peer().getAddress() instanceof Inet6Address == address instanceof Inet6Address) {
                onAccept.accept(stream);
            } else {
                stream.reset();
            }
        };
    }

    private static OptionMap options(SocketTuning tuning) {
        OptionMap.Builder options = OptionMap.builder().addAll(STREAM_OPTIONS);
        if (tuning.sendBuffer() > 0) {
            options.set(Options.SEND_BUFFER, tuning.sendBuffer());
        }
        if (tuning.receiveBuffer() > 0) {
            options.set(Options.RECEIVE_BUFFER, tuning.receiveBuffer());
        }
        return options.getMap();
    }

    /**
     * Takes what waits for this loop: in the socket, or where XNIO's accept thread has put it. Where the process has no descriptors left XNIO
     * pauses by itself, 250 ms at first and four times as long each time, 30 s at most, until an accept succeeds.
     */
    private void accept(AcceptingChannel<StreamConnection> server, int most, Consumer<Stream> onAccept) {
        try {
            for (int taken = 0; taken < most; taken++) {
                StreamConnection connection = server.accept();
                if (connection == null) {
                    return;
                }
                handOver(new XnioStream(connection, loop(connection.getIoThread())), onAccept);
            }
        } catch (ClosedChannelException closed) {
            // The listener went while this was on its way to the loop; whoever waits in its queue is reset by the kernel.
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("event", "rule.accept_error").addKeyValue("listener", server.getLocalAddress()).setCause(e)
                .log("a connection could not be accepted");
        }
    }

    private static void handOver(XnioStream stream, Consumer<Stream> owner) {
        try {
            owner.accept(stream);
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a new connection was dropped");
            stream.reset();
        }
    }

    @Override
    public Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done) {
        XnioLoop home = (XnioLoop) loop;
        Attempt attempt = new Attempt(home, spec, done);
        OptionMap options = options(spec.tuning());
        attempt.start(spec.source().isEmpty() ? home.thread().openStreamConnection(spec.endpoint(), null, options)
            : home.thread().openStreamConnection(new InetSocketAddress(spec.source().get(), 0), spec.endpoint(), null, null, options));
        return attempt;
    }

    /**
     * {@inheritDoc}
     *
     * <p>There are none where one worker has all threads: it chooses by itself which of them watches a socket.
     */
    @Override
    public Optional<DatagramPort> datagrams(EventLoop loop, DatagramSpec spec) throws ListenException {
        if (inThread.isEmpty() || watches.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(XnioPort.open((XnioLoop) loop, watches.get(), spec));
        } catch (IOException refused) {
            throw new ListenException(ListenFailure.of(refused));
        }
    }

    private XnioLoop loop(XnioIoThread thread) {
        for (XnioLoop loop : loops) {
            if (loop.thread() == thread) {
                return loop;
            }
        }
        throw new AssertionError("not a thread of this worker: " + thread);
    }

    @Override
    public void close() {
        workers.forEach(XnioWorker::shutdownNow);
    }

    /** One connection attempt. Confined to its loop, but for what XNIO calls, which is passed on to the loop. */
    private static final class Attempt extends IoFuture.HandlingNotifier<StreamConnection, Void> implements Cancellable {
        private final XnioLoop loop;
        private final InetSocketAddress endpoint;
        private final SocketTuning tuning;
        private final boolean fromAddress;
        private final ConnectListener done;
        private boolean over;
        private @Nullable IoFuture<StreamConnection> future;

        Attempt(XnioLoop loop, ConnectSpec spec, ConnectListener done) {
            this.loop = loop;
            this.endpoint = spec.endpoint();
            this.tuning = spec.tuning();
            this.fromAddress = spec.source().isPresent();
            this.done = done;
        }

        void start(IoFuture<StreamConnection> connecting) {
            future = connecting;
            connecting.addNotifier(this, null);
        }

        @Override
        public void handleDone(StreamConnection connection, @Nullable Void nothing) {
            loop.run(() -> settle(connection));
        }

        private void settle(StreamConnection connection) {
            XnioStream stream = new XnioStream(connection, loop);
            if (over) {
                stream.reset();
            } else if (ConnectSpec.reachesItself(stream.local(), endpoint)) {
                stream.reset();
                fail(ConnectFailure.REFUSED);
            } else {
                over = true;
                loop.descriptors().channel(connection).ifPresent(channel -> Keepalive.set(channel, tuning));
                handOver(stream, done::connected);
            }
        }

        @Override
        public void handleFailed(IOException cause, @Nullable Void nothing) {
            loop.run(() -> fail(ConnectFailure.of(cause, fromAddress)));
        }

        private void fail(ConnectFailure why) {
            if (!over) {
                over = true;
                done.failed(why);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                if (future != null) {
                    future.cancel();
                }
            }
        }
    }
}
