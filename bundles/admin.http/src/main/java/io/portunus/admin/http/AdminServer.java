// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import io.portunus.node.api.OwnFile;
import io.portunus.node.api.ReadinessCheck;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
 * keeps it from listening is a problem of its readiness check and no exception, and while it cannot be bound it is tried again by itself.
 * {@link #start} and {@link #close} are called by one thread, one after the other; the rest is thread-safe.
 */
final class AdminServer implements ReadinessCheck, AutoCloseable {
    /** Name of the file that holds the address the surface listens on. */
    static final String ADDRESS_FILE = "admin.address";
    /** Connections the kernel keeps waiting; those beyond try again by themselves. */
    static final int BACKLOG = 1024;
    /** Most query parameters. */
    static final int MAX_PARAMETERS = Claim.MAX_PARAMETERS;
    /** Longest from the first byte of a request to the end of its header. */
    static final int PARSE_MILLIS = 5_000;
    /** Longest that a connection may wait for a request. */
    static final int IDLE_MILLIS = 30_000;

    /** Longest that requests at work may still take when the surface closes; then they are interrupted. */
    static final Duration GRACE = Duration.ofSeconds(2);

    /** Before it is tried again to listen; twice as long after each failure, up to the second. */
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final int BUFFER_BYTES = 8 * 1024;
    /** How long newcomers wait until it is looked again whether a seat is free. */
    private static final int FULL_MILLIS = 10;
    /** Longest wait for each of: requests that were interrupted, connections, worker. With {@link #GRACE} a close takes 5 s at most. */
    private static final int CLOSE_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final OptionMap LIMITS = OptionMap.builder()
        // The guard before it is stricter; these bounds are never met.
        .set(UndertowOptions.MAX_HEADER_SIZE, 2 * RequestHead.MAX_BYTES).set(UndertowOptions.MAX_HEADERS, 2 * RequestHead.MAX_FIELDS)
        .set(UndertowOptions.MAX_PARAMETERS, 2 * MAX_PARAMETERS).set(UndertowOptions.MAX_COOKIES, RequestHead.MAX_BYTES)
        .set(UndertowOptions.MAX_ENTITY_SIZE, FrontDoor.MAX_UNREAD_BYTES)
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false).getMap();
    private static final OptionMap SOCKET = OptionMap.builder()
        .set(Options.TCP_NODELAY, true).set(Options.REUSE_ADDRESSES, true).set(Options.BACKLOG, BACKLOG)
        // Never met but by a defect: seats are given out before.
        .set(Options.CONNECTION_HIGH_WATER, 2 * Seats.MOST).set(Options.CONNECTION_LOW_WATER, 2 * Seats.MOST).getMap();
    private static final OptionMap WORKER = OptionMap.builder()
        .set(Options.WORKER_NAME, "admin").set(Options.WORKER_IO_THREADS, 1).set(Options.THREAD_DAEMON, true)
        .set(Options.WORKER_TASK_CORE_THREADS, 1).set(Options.WORKER_TASK_MAX_THREADS, 1).getMap();

    private final Roster roster;
    private final Settings settings;
    /** What is to be closed; guarded by this, as a later try may be under way. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    /** What is to be closed before, so that nobody comes any more; guarded by this. */
    private final Deque<AutoCloseable> entrance = new ArrayDeque<>();
    /** What is at work; guarded by this. */
    private Optional<FrontDoor> atWork = Optional.empty();
    /** Is given what hinders it from listening, and an empty text when nothing does. Volatile: set before the start, called by who listens. */
    private volatile Consumer<String> watcher = hindrance -> { };
    private volatile CountDownLatch closed = new CountDownLatch(1);
    // Volatile: written by the thread that starts, read by requests and by the registry's threads.
    private volatile List<Problem> problems = List.of(Problem.of(ProblemCode.COMPONENT_MISSING, ListenProblems.PATH, "not started yet"));
    private volatile Optional<InetSocketAddress> address = Optional.empty();
    private volatile boolean bothFamilies;

    AdminServer(Roster roster, Settings settings) {
        this.roster = roster;
        this.settings = settings;
    }

    /**
     * The settings of one surface.
     *
     * @param listen IP address and port
     * @param hosts further names by which it may be called
     * @param state the state directory
     * @param deadline longest that a request may take
     * @param grace longest that requests at work may still take when it closes
     */
    record Settings(String listen, List<String> hosts, Path state, Duration deadline, Duration grace) {
        Settings {
            hosts = List.copyOf(hosts);
        }

        static Settings of(String listen, List<String> hosts, Path state) {
            return new Settings(listen, hosts, state, FrontDoor.DEADLINE, GRACE);
        }
    }

    /** Whether the address {@code ::} takes IPv4 clients, too; set before the start. */
    void takeBothFamilies(boolean both) {
        bothFamilies = both;
    }

    /** Who is to know whether it listens; set before the start. */
    void watchedBy(Consumer<String> whoever) {
        watcher = whoever;
    }

    /**
     * Listens at an address that stands nowhere, for a check of this version; closed like any other.
     *
     * @throws IOException if it cannot
     */
    synchronized InetSocketAddress rehearse(Xnio xnio) throws IOException {
        bind(xnio, new Gate(roster, new HostCheck(settings.hosts())), SocketAddresses.parse(settings.listen()).orElseThrow());
        return address.orElseThrow();
    }

    /** Listens, or keeps the reason why not. */
    void start(Xnio xnio) {
        roster.begin();
        HostCheck hosts = new HostCheck(settings.hosts());
        List<Problem> found = new ArrayList<>(hosts.problems());
        closed = new CountDownLatch(1);
        Gate gate = new Gate(roster, hosts);
        List<Problem> others = List.copyOf(found);
        Optional<InetSocketAddress> wanted = SocketAddresses.parse(settings.listen());
        boolean later = wanted.filter(its -> !listen(xnio, gate, its, found)).isPresent();
        if (wanted.isEmpty()) {
            found.add(ListenProblems.malformed(settings.listen()));
        }
        problems = List.copyOf(found);
        report();
        problems().forEach(p -> LOG.atError().addKeyValue("event", "admin.problem").addKeyValue("code", p.code().code())
            .addKeyValue("path", p.path()).log(p.text()));
        if (later) {
            Thread.ofVirtual().name("admin-listen").start(() -> keepTrying(() -> listenAgain(xnio, gate, wanted.orElseThrow(), others)));
        }
    }

    /** Whether it listens now; what is amiss is added to what was found. */
    private synchronized boolean listen(Xnio xnio, Gate gate, InetSocketAddress wanted, List<Problem> found) {
        try {
            bind(xnio, gate, wanted);
            announce().ifPresent(found::add);
            return true;
        } catch (IOException | UnsupportedAddressTypeException e) {
            closeAll();
            found.add(ListenProblems.unbound(settings.listen(), e));
            return false;
        }
    }

    private void keepTrying(BooleanSupplier listens) {
        try {
            Duration pause = RETRY;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS) && !listens.getAsBoolean()) {
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : longer;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean listenAgain(Xnio xnio, Gate gate, InetSocketAddress wanted, List<Problem> others) {
        if (closed.getCount() == 0) {
            return true;
        }
        List<Problem> found = new ArrayList<>(others);
        boolean listens = listen(xnio, gate, wanted, found);
        problems = List.copyOf(found);
        report();
        return listens;
    }

    private void report() {
        watcher.accept(address.isPresent() ? "" : problems.stream().findFirst().map(Problem::text).orElse("it does not listen"));
    }

    private void bind(Xnio xnio, Gate gate, InetSocketAddress wanted) throws IOException {
        DefaultByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, 2 * Seats.MOST, 0);
        opened.push(buffers);
        XnioWorker worker = xnio.createWorker(WORKER);
        HttpOpenListener http = new HttpOpenListener(buffers, LIMITS);
        opened.push(() -> stop(worker, http));
        // Platform threads: a resource of another bundle that spins would keep a carrier of virtual ones, of which there is one a core.
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().name("admin-", 0).factory());
        opened.push(() -> stop(threads));
        Seats seats = new Seats(System::nanoTime);
        FrontDoor frontDoor = new FrontDoor(roster, gate, seats, threads, settings.deadline());
        opened.push(() -> drain(frontDoor, settings.grace()));
        atWork = Optional.of(frontDoor);
        // A client that asks whether to send its body gets its 100 (Continue) by the first read of it, not before the checks.
        http.setRootHandler(new HttpContinueReadHandler(frontDoor));
        AcceptingChannel<StreamConnection> server =
            worker.createStreamConnectionServer(SocketAddresses.ownFamily(wanted), channel -> accept(channel, http, seats, families(wanted)), SOCKET);
        entrance.push(() -> IoUtils.safeClose(server));
        // Before the port is let go: whoever sees that it is gone can no longer begin anything on a connection it has.
        entrance.push(frontDoor::shut);
        address = Optional.of(server.getLocalAddress(InetSocketAddress.class));
        server.resumeAccepts();
    }

    /** The JDK binds {@code ::} for both families, so that whoever comes by IPv4 is turned away here. */
    private Predicate<StreamConnection> families(InetSocketAddress wanted) {
        boolean six = wanted.getAddress() instanceof Inet6Address any && any.isAnyLocalAddress() && !bothFamilies;
        return accepted -> !six || accepted.getPeerAddress(InetSocketAddress.class).getAddress() instanceof Inet6Address;
    }

    /** As XNIO's own adapter does, but for this: seats are bounded, and a socket that is closed while it accepts is no failure. */
    private static void accept(AcceptingChannel<? extends StreamConnection> server, HttpOpenListener http, Seats seats,
            Predicate<StreamConnection> welcome) {
        try {
            while (seats.room()) {
                StreamConnection accepted = server.accept();
                if (accepted == null) {
                    return;
                }
                if (welcome.test(accepted)) {
                    HeadGuard.guard(accepted, seats.enter(accepted));
                    ChannelListeners.invokeChannelListener(accepted, http);
                } else {
                    IoUtils.safeClose(accepted);
                }
            }
            // Nobody may be cut yet, so the others wait a moment.
            server.suspendAccepts();
            server.getIoThread().executeAfter(() -> resume(server), FULL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException failed) {
            if (server.isOpen()) {
                LOG.atWarn().addKeyValue("event", "admin.accept_failed").setCause(failed).log("the admin surface could not accept a connection");
            }
        }
    }

    private static void resume(AcceptingChannel<? extends StreamConnection> server) {
        try {
            server.resumeAccepts();
        } catch (RuntimeException lastResort) {
            // Another thread may close it at any moment, and then nobody waits any more.
            if (server.isOpen()) {
                throw lastResort;
            }
        }
    }

    private Optional<Problem> announce() {
        String text = SocketAddresses.text(address.orElseThrow());
        LOG.atInfo().addKeyValue("event", "admin.listening").addKeyValue("address", text).log("the admin surface listens");
        Path file = settings.state().resolve(ADDRESS_FILE);
        try {
            OwnFile.replace(file, (text + "\n").getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
        } catch (IOException e) {
            return Optional.of(Problem.of(ProblemCode.IO_ERROR, ADDRESS_FILE, "the file " + file + " cannot be written (" + e
                + "); give the process a state directory it may write"));
        }
        entrance.push(() -> Files.deleteIfExists(file));
        return Optional.empty();
    }

    private static void drain(FrontDoor frontDoor, Duration atMost) throws InterruptedException {
        if (!frontDoor.drain(atMost)) {
            LOG.atWarn().addKeyValue("event", "admin.requests_cut").addKeyValue("waited_millis", atMost.toMillis())
                .log("the admin surface closes with requests at work");
        }
    }

    /** The I/O thread itself closes the connections and ends, so it cannot be in the midst of a request that finds the worker gone. */
    private static void stop(XnioWorker worker, HttpOpenListener http) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        worker.getIoThread().execute(() -> {
            http.closeConnections();
            worker.shutdownNow();
            closed.countDown();
        });
        closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        worker.shutdownNow();
        worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static void stop(ExecutorService threads) throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    /** Where it listens; empty when it does not. */
    Optional<InetSocketAddress> address() {
        return address;
    }

    @Override
    public String name() {
        return ADMIN;
    }

    /** Its own, and those of the authenticators. */
    @Override
    public List<Problem> problems() {
        return Stream.concat(problems.stream(), roster.problems().stream()).toList();
    }

    /** What bundles bring and is not served. */
    @Override
    public List<Problem> degraded() {
        return roster.refused();
    }

    /** Lets the port go at once: nobody comes any more, and what is at work goes on. */
    void leave() {
        closed.countDown();
        roster.release();
        synchronized (this) {
            address = Optional.empty();
            closeAll(entrance);
        }
    }

    /** Waits for the answers that are still to be given, after {@link #leave}, and closes the rest. */
    void finish(Duration atMost) throws InterruptedException {
        Optional<FrontDoor> last;
        synchronized (this) {
            last = atWork;
        }
        if (last.isPresent()) {
            drain(last.get(), atMost);
        }
        closeAll();
    }

    /** Closes what was opened, in reverse order, also after half a start; what does not close hinders nothing else. */
    @Override
    public void close() {
        closed.countDown();
        closeAll();
        roster.end();
    }

    private synchronized void closeAll() {
        address = Optional.empty();
        closeAll(entrance);
        closeAll(opened);
        atWork = Optional.empty();
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception lastResort) {
                LOG.atWarn().addKeyValue("event", "admin.close_failed").setCause(lastResort).log("a part of the admin surface did not close");
            }
        }
    }
}
