// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.BoundSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/**
 * A listener on XNIO. Thread-safe. Where a loop does not turn, others accept from its sockets as well: XNIO lets go of such a one only with the
 * socket, so it stays, and sleeps once the loop turns again.
 */
final class XnioBoundSocket implements BoundSocket {
    private static final Logger LOG = LoggerFactory.getLogger(XnioBoundSocket.class);
    /** Loops that stand in for one at once; more would share its part of the connections no better. */
    private static final int STAND_INS = 2;
    /** Longest wait until loops have closed their sockets; one that takes longer does not turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final List<XnioServer> servers;
    private final InetSocketAddress address;
    private final List<Integer> numbers;
    private final StandIns more;
    private final Set<XnioIoThread> stalled;
    private final Consumer<XnioBoundSocket> gone;
    /** By whom they stand in for and the loop that does, those that sleep too: the loops at most. Guarded by this. */
    private final Map<XnioServer, Map<XnioIoThread, XnioServer>> standIns = new HashMap<>();
    /** Volatile: set under the lock, read without. */
    private volatile boolean closed;

    /** Has another loop accept from a socket. */
    interface StandIns {
        XnioServer open(XnioServer home, XnioIoThread on) throws IOException;
    }

    /**
     * A listener that is accepted from.
     *
     * @param servers its sockets, one at least, all on one address
     * @param stalled the threads of loops that do not turn, as they are at each moment
     * @param gone called when it is closed
     */
    XnioBoundSocket(List<XnioServer> servers, SocketDescriptors descriptors, StandIns more, Set<XnioIoThread> stalled,
            Consumer<XnioBoundSocket> gone) {
        this.servers = List.copyOf(servers);
        this.address = (InetSocketAddress) servers.getFirst().accepting().getLocalAddress();
        List<Integer> known = servers.stream().flatMap(s -> s.channel().stream()).map(descriptors::of).filter(number -> number >= 0).toList();
        this.numbers = known.size() == servers.size() ? known : List.of();
        this.more = more;
        this.stalled = stalled;
        this.gone = gone;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Of the sockets while they are open; empty if they cannot be found out. */
    @Override
    public List<Integer> descriptors() {
        return closed ? List.of() : numbers;
    }

    /** Has others accept for the loops that do not turn, and for no others. */
    synchronized void around(List<XnioIoThread> loops) {
        if (closed) {
            return;
        }
        for (XnioServer home : servers) {
            List<XnioIoThread> others = home.thread().filter(stalled::contains).map(of -> substitutes(loops, of)).orElse(List.of());
            Map<XnioIoThread, XnioServer> present = standIns.computeIfAbsent(home, key -> new HashMap<>());
            present.forEach((thread, server) -> {
                if (!others.contains(thread)) {
                    server.accepting().suspendAccepts();
                }
            });
            others.forEach(thread -> join(present, home, thread));
        }
    }

    /** The next ones that turn, so that the places of several are spread. */
    private List<XnioIoThread> substitutes(List<XnioIoThread> loops, XnioIoThread of) {
        int index = loops.indexOf(of);
        return IntStream.range(1, loops.size()).mapToObj(i -> loops.get((index + i) % loops.size())).filter(loop -> !stalled.contains(loop))
            .limit(STAND_INS).toList();
    }

    private void join(Map<XnioIoThread, XnioServer> present, XnioServer home, XnioIoThread thread) {
        try {
            XnioServer known = present.get(thread);
            XnioServer standIn = known == null ? more.open(home, thread) : known;
            present.put(thread, standIn);
            standIn.accepting().resumeAccepts();
        } catch (IOException refused) {
            LOG.atWarn().addKeyValue("event", "rule.accept_error").addKeyValue("listener", address).setCause(refused)
                .log("nobody accepts for a loop that does not turn");
        }
    }

    @Override
    public void close() {
        List<XnioServer> others = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            standIns.values().forEach(present -> others.addAll(present.values()));
        }
        gone.accept(this);
        // Whoever sleeps on a loop that does not turn keeps a socket open as well.
        boolean held = Stream.concat(servers.stream(), others.stream()).anyMatch(this::stands);
        if (held) {
            servers.forEach(server -> server.channel().ifPresent(ListeningEnd::of));
        }
        close(servers);
        close(others);
    }

    private boolean stands(XnioServer server) {
        return server.thread().filter(stalled::contains).isPresent();
    }

    /** Waits for the loops that turn, and ends the listening on one that turns out not to. */
    private void close(List<XnioServer> some) {
        List<XnioServer> awaited = some.stream().filter(server -> !stands(server)).toList();
        CountDownLatch open = new CountDownLatch(awaited.size());
        Set<XnioServer> begun = ConcurrentHashMap.newKeySet();
        some.forEach(server -> server.close(begun, awaited.contains(server) ? open::countDown : XnioBoundSocket::nobodyWaits));
        try {
            if (!open.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                awaited.stream().filter(server -> !begun.contains(server)).forEach(server -> server.channel().ifPresent(ListeningEnd::of));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void nobodyWaits() {
        // It is closed once its loop turns.
    }
}
