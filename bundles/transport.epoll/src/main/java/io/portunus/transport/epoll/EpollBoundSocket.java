// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener, accepted from on each loop. Thread-safe. When {@link #close} has returned its port is free; connections that waited then are
 * still handed on, on their loops. Where a loop does not turn, others accept from its queue by descriptors of their own.
 */
final class EpollBoundSocket implements BoundSocket {
    private static final Logger LOG = LoggerFactory.getLogger(EpollBoundSocket.class);
    /** Loops that stand in for one: more would share its part of the connections no better, and each costs a descriptor a queue. */
    private static final int STAND_INS = 2;

    private final InetSocketAddress address;
    private final List<Integer> descriptors;
    private final List<Acceptor> acceptors;
    private final Supplier<SocketLibc> calls;
    private final Consumer<EpollBoundSocket> gone;
    /** By whom they stand in for, {@value #STAND_INS} at most; guarded by this. */
    private final Map<Acceptor, List<Acceptor>> standIns = new HashMap<>();
    /** Volatile: set under the lock, read without. */
    private volatile boolean closed;

    /**
     * A listener that is accepted from.
     *
     * @param descriptors one of each queue
     * @param gone called when it is closed
     */
    EpollBoundSocket(InetSocketAddress address, List<Integer> descriptors, List<Acceptor> acceptors, Supplier<SocketLibc> calls,
            Consumer<EpollBoundSocket> gone) {
        this.address = address;
        this.descriptors = descriptors;
        this.acceptors = acceptors;
        this.calls = calls;
        this.gone = gone;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public List<Integer> descriptors() {
        return closed ? List.of() : descriptors;
    }

    /** Has others accept for the loops that do not turn, and for no others. */
    synchronized void around(List<EpollLoop> loops, Set<EpollLoop> stalled) {
        if (closed) {
            return;
        }
        Sockets caller = new Sockets(calls.get());
        for (Acceptor home : acceptors) {
            List<EpollLoop> others = stalled.contains(home.loop()) ? substitutes(loops, home.loop(), stalled) : List.of();
            List<Acceptor> now = new ArrayList<>(others.size());
            for (Acceptor present : standIns.getOrDefault(home, List.of())) {
                if (others.contains(present.loop())) {
                    now.add(present);
                } else {
                    present.close(caller, true);
                }
            }
            others.stream().filter(loop -> now.stream().noneMatch(present -> present.loop() == loop)).forEach(loop -> join(now, home, loop, caller));
            if (now.isEmpty()) {
                standIns.remove(home);
            } else {
                standIns.put(home, now);
            }
        }
    }

    /** The next ones that turn, so that the places of several are spread. */
    private static List<EpollLoop> substitutes(List<EpollLoop> loops, EpollLoop of, Set<EpollLoop> stalled) {
        int index = loops.indexOf(of);
        return IntStream.range(1, loops.size()).mapToObj(i -> loops.get((index + i) % loops.size())).filter(loop -> !stalled.contains(loop))
            .limit(STAND_INS).toList();
    }

    private void join(List<Acceptor> standing, Acceptor home, EpollLoop loop, Sockets caller) {
        try {
            Acceptor standIn = home.standIn(loop, caller);
            if (begins(standIn)) {
                standing.add(standIn);
            } else {
                standIn.close(caller, true);
            }
        } catch (IOException refused) {
            LOG.atWarn().addKeyValue("event", "rule.accept_error").addKeyValue("listener", address).setCause(refused)
                .log("nobody accepts for a loop that does not turn");
        }
    }

    private static boolean begins(Acceptor standIn) {
        try {
            standIn.loop().execute(standIn::begin);
            return true;
        } catch (RejectedExecutionException ended) {
            LOG.trace("the loop had ended", ended);
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            Sockets caller = new Sockets(calls.get());
            acceptors.forEach(each -> each.close(caller, standIns.containsKey(each)));
            // They go last, and their loops turn: they hand on who waits.
            standIns.values().forEach(all -> all.forEach(each -> each.close(caller, false)));
            standIns.clear();
        }
        gone.accept(this);
    }
}
