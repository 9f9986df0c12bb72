// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.ReadinessCheck;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Undertow's HTTP on an XNIO worker of its own, so that whatever is asked here takes nothing from the I/O threads that forward. What
 * keeps it from listening is a problem of its readiness check and no exception. {@link #start} and {@link #close} are called once, by
 * one thread; the rest is thread-safe.
 */
final class AdminServer implements ReadinessCheck, AutoCloseable {
    /** Name of the file that tells where the surface listens. */
    static final String ADDRESS_FILE = "admin.address";
    /** Open connections; more wait in the backlog. Bounds the buffers in use with {@link #BUFFER_BYTES}. */
    static final int MAX_CONNECTIONS = 128;
    /** Connections the kernel keeps waiting. */
    static final int BACKLOG = 128;
    /** Longest request line and header together. */
    static final int MAX_HEADER_BYTES = 16 * 1024;
    /** Most header fields. */
    static final int MAX_HEADERS = 64;
    /** Most query parameters. */
    static final int MAX_PARAMETERS = 16;
    /** Longest from the first byte of a request to the end of its header. */
    static final int PARSE_MILLIS = 5_000;
    /** Longest that a connection may wait for a request. */
    static final int IDLE_MILLIS = 30_000;

    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int CLOSE_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final OptionMap LIMITS = OptionMap.builder()
        .set(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES).set(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
        .set(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS).set(UndertowOptions.MAX_COOKIES, 8)
        .set(UndertowOptions.MAX_ENTITY_SIZE, FrontDoor.MAX_ENTITY_BYTES)
        .set(UndertowOptions.MAX_BUFFERED_REQUEST_SIZE, (int) FrontDoor.MAX_ENTITY_BYTES)
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_MILLIS).set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false).getMap();
    private static final OptionMap SOCKET = OptionMap.builder()
        .set(Options.TCP_NODELAY, true).set(Options.REUSE_ADDRESSES, true).set(Options.BACKLOG, BACKLOG)
        .set(Options.CONNECTION_HIGH_WATER, MAX_CONNECTIONS).set(Options.CONNECTION_LOW_WATER, MAX_CONNECTIONS).getMap();
    private static final OptionMap WORKER = OptionMap.builder()
        .set(Options.WORKER_NAME, "admin").set(Options.WORKER_IO_THREADS, 1).set(Options.THREAD_DAEMON, true)
        .set(Options.WORKER_TASK_CORE_THREADS, 1).set(Options.WORKER_TASK_MAX_THREADS, 1).getMap();

    private final Parts parts;
    private final String listen;
    private final Path state;
    private final Clock clock;
    private final Duration deadline;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    // Volatile: written by the thread that starts, read by requests and by the registry's threads.
    private volatile List<Problem> problems = List.of(Problem.of(ProblemCode.COMPONENT_MISSING, ListenAddress.PATH, "not started yet"));
    private volatile Optional<InetSocketAddress> address = Optional.empty();

    AdminServer(Parts parts, String listen, Path state, Clock clock) {
        this(parts, listen, state, clock, FrontDoor.DEADLINE);
    }

    AdminServer(Parts parts, String listen, Path state, Clock clock, Duration deadline) {
        this.parts = parts;
        this.listen = listen;
        this.state = state;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** Listens, or keeps the reason why not. */
    void start(Xnio xnio) {
        AdminToken token = AdminToken.open(state);
        List<Problem> found = new ArrayList<>(token.problems());
        Optional<InetSocketAddress> wanted = ListenAddress.parse(listen);
        if (wanted.isEmpty()) {
            found.add(ListenAddress.malformed(listen));
        } else {
            try {
                bind(xnio, token, wanted.get());
                announce().ifPresent(found::add);
            } catch (IOException e) {
                found.add(ListenAddress.unbound(listen, e));
            }
        }
        problems = List.copyOf(found);
        found.forEach(p -> LOG.atError().addKeyValue("event", "admin.problem").addKeyValue("code", p.code().code())
            .addKeyValue("path", p.path()).log(p.text()));
    }

    private void bind(Xnio xnio, AdminToken token, InetSocketAddress wanted) throws IOException {
        DefaultByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, 2 * MAX_CONNECTIONS, 0);
        opened.push(buffers);
        XnioWorker worker = xnio.createWorker(WORKER);
        opened.push(() -> stop(worker));
        ExecutorService virtualThreads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
        opened.push(() -> stop(virtualThreads));
        HttpOpenListener http = new HttpOpenListener(buffers, LIMITS);
        http.setRootHandler(new FrontDoor(new Router(Resources.of(parts, this, clock)), token, virtualThreads, deadline));
        AcceptingChannel<StreamConnection> server =
            worker.createStreamConnectionServer(wanted, ChannelListeners.openListenerAdapter(http), SOCKET);
        opened.push(() -> {
            IoUtils.safeClose(server);
            http.closeConnections();
        });
        address = Optional.of(server.getLocalAddress(InetSocketAddress.class));
        server.resumeAccepts();
    }

    private Optional<Problem> announce() {
        String text = ListenAddress.text(address.orElseThrow());
        LOG.atInfo().addKeyValue("event", "admin.listening").addKeyValue("address", text).log("the admin surface listens");
        Path file = state.resolve(ADDRESS_FILE);
        try {
            StateFile.write(file, text + "\n", "rw-r--r--");
        } catch (IOException e) {
            return Optional.of(Problem.of(ProblemCode.IO_ERROR, ADDRESS_FILE, "the file " + file + " cannot be written (" + e
                + "); give the process a state directory it may write"));
        }
        opened.push(() -> Files.deleteIfExists(file));
        return Optional.empty();
    }

    private static void stop(XnioWorker worker) throws InterruptedException {
        worker.shutdownNow();
        worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static void stop(ExecutorService virtualThreads) throws InterruptedException {
        virtualThreads.shutdownNow();
        virtualThreads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    /** Where it listens; empty when it does not. */
    Optional<InetSocketAddress> address() {
        return address;
    }

    @Override
    public String name() {
        return ADMIN;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    /** Closes what was opened, in reverse order, also after half a start; what does not close hinders nothing else. */
    @Override
    public void close() {
        address = Optional.empty();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception lastResort) {
                LOG.atWarn().addKeyValue("event", "admin.close_failed").setCause(lastResort).log("a part of the admin surface did not close");
            }
        }
    }
}
