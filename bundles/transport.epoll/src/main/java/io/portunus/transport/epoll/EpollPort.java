// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One datagram socket. Confined to its loop, but for its addresses.
 *
 * <p>It is watched level-triggered, for input from the beginning; events that nobody asks for any more are taken from the watch when the first of
 * them has come. What a connected one learns is fetched when epoll(7) reports an error or a call answers one, and kept until somebody asks.
 */
final class EpollPort implements DatagramPort, EpollLoop.Source {
    private static final int BROKEN = SocketLibc.EPOLLERR | SocketLibc.EPOLLHUP;
    /** Times that an entry is sent again because the call has answered with what the one before it has caused. */
    private static final int RETRIES = 2;

    private final EpollLoop loop;
    private final DatagramArena arena;
    private final SendingSocket socket;
    private final InetSocketAddress local;
    private final Optional<InetSocketAddress> peer;
    private final boolean trains;
    /** The local address of all that comes, where there is one. */
    private final long localHigh;
    private final long localLow;
    private @Nullable DatagramEvents events;
    private int watched = SocketLibc.EPOLLIN;
    private boolean readInterest;
    private boolean writeInterest;
    /** What was learnt and not asked for yet. */
    private final Set<DatagramFault> faults = EnumSet.noneOf(DatagramFault.class);
    private boolean announced;
    private boolean closed;

    private EpollPort(EpollLoop loop, DatagramSpec spec, DatagramSockets opened, InetSocketAddress local) {
        InetAddress own = local.getAddress();
        this.loop = loop;
        this.arena = loop.datagrams();
        this.peer = spec.peer();
        this.local = local;
        this.trains = spec.trains();
        this.localHigh = DatagramBatch.high(own);
        this.localLow = DatagramBatch.low(own);
        this.socket = new SendingSocket(opened.descriptor(), opened.six(), peer.isPresent(), own.isAnyLocalAddress());
    }

    /** Opens one; called on the loop. */
    static EpollPort open(EpollLoop loop, DatagramSpec spec) throws IOException {
        Sockets sockets = loop.sockets();
        DatagramSockets opened = DatagramSockets.open(sockets, spec);
        int descriptor = opened.descriptor();
        try {
            InetSocketAddress bound = sockets.local(descriptor);
            boolean everywhere = bound.getAddress().isAnyLocalAddress();
            EpollPort port = new EpollPort(loop, spec, opened,
                everywhere ? new InetSocketAddress(spec.local().getAddress(), bound.getPort()) : bound);
            loop.add(descriptor, port);
            if (!loop.control(SocketLibc.EPOLL_CTL_ADD, descriptor, port.watched)) {
                loop.remove(descriptor, port);
                throw sockets.failure();
            }
            return port;
        } catch (IOException refused) {
            sockets.close(descriptor);
            throw refused;
        }
    }

    @Override
    public void ready(int what) {
        if ((what & BROKEN) != 0) {
            learn();
        }
        if (readInterest && ((what & SocketLibc.EPOLLIN) != 0 || !faults.isEmpty())) {
            dispatch(true);
        }
        if (writeInterest && (what & SocketLibc.EPOLLOUT) != 0) {
            dispatch(false);
        }
        announce();
        if (!closed && (what & watched & ~asked()) != 0) {
            watch(asked());
        }
    }

    /** Events that are asked for. Errors are always reported, so where nothing is they are reported once only. */
    private int asked() {
        int mask = (readInterest ? SocketLibc.EPOLLIN : 0) | (writeInterest ? SocketLibc.EPOLLOUT : 0);
        return mask == 0 ? SocketLibc.EPOLLET : mask;
    }

    private void watch(int mask) {
        // What is watched once goes on to be: the kernel had the room for it.
        loop.control(SocketLibc.EPOLL_CTL_MOD, socket.descriptor(), mask);
        watched = mask;
    }

    private void dispatch(boolean read) {
        DatagramEvents target = events;
        if (target == null) {
            return;
        }
        if (read) {
            target.readable(this);
        } else {
            target.writable(this);
        }
    }

    /** Fetches what the system has learnt. */
    private void learn() {
        arena.errors().drain(loop.sockets(), socket.descriptor(), faults);
        if (peer.isEmpty()) {
            faults.clear();
        }
    }

    /** Reports in each round that there are faults, for as long as there are. */
    private void announce() {
        if (!faults.isEmpty() && readInterest && !announced) {
            announced = true;
            loop.execute(() -> {
                announced = false;
                if (!faults.isEmpty() && readInterest) {
                    dispatch(true);
                    announce();
                }
            });
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public Optional<InetSocketAddress> peer() {
        return peer;
    }

    @Override
    public int receive(DatagramBatch batch) {
        assert loop.inside();
        batch.clear();
        if (closed) {
            return CLOSED;
        }
        DatagramSpec.checkRoom(trains, batch);
        SocketLibc libc = loop.libc();
        int came = arena.inbox().receive(libc, socket.descriptor(), batch);
        for (int i = 0; came < 0 && i < RETRIES && libc.errno() != Libc.EAGAIN; i++) {
            learn();
            came = arena.inbox().receive(libc, socket.descriptor(), batch);
        }
        announce();
        if (!socket.anyLocal()) {
            for (int entry = 0; entry < came; entry++) {
                batch.local(entry, localHigh, localLow);
            }
        }
        return Math.max(came, 0);
    }

    @Override
    public int send(DatagramBatch batch, int first, int end) {
        assert loop.inside();
        if (closed) {
            return CLOSED;
        }
        int reached = push(batch, first, end);
        announce();
        return reached - first;
    }

    /** Sends entries; the first that found no room. */
    private int push(DatagramBatch batch, int first, int end) {
        SocketLibc libc = loop.libc();
        Outbox outbox = arena.outbox();
        int next = first;
        int attempts = 0;
        while (next < end) {
            int sent = outbox.entries(libc, socket, batch, next, end);
            int errno = sent < 0 ? libc.errno() : 0;
            if (errno == Libc.EAGAIN) {
                return next;
            }
            if (sent >= 0) {
                next += sent;
                attempts = 0;
            } else if (uncut(errno) && (outbox.together() > 1 || batch.segmentBytes(next) != 0)) {
                int reached = alone(batch, next, errno, outbox.together());
                if (reached == next) {
                    return next;
                }
                next = reached;
            } else if (again(errno, attempts++)) {
                learn();
            } else {
                // Its own error will be that of the others as a rule.
                lost(errno);
                next++;
            }
        }
        return next;
    }

    /** Whether an error may be that of another datagram, or of none. */
    private boolean again(int errno, int attempts) {
        return errno == Libc.EINTR || peer.isPresent() && errno != SocketLibc.ENOBUFS && attempts < RETRIES;
    }

    /** Sends what the system has not cut: entries that were joined, or one that is a train; the first that found no room. */
    private int alone(DatagramBatch batch, int first, int errno, int together) {
        if (together == 1) {
            return pushTrain(batch, first) ? first + 1 : first;
        }
        int before = socket.joinsBelow();
        int refused = errno == DatagramLibc.EIO ? 0 : batch.length(first);
        socket.joinsBelow(0);
        int reached = push(batch, first, first + together);
        // To others there may be a better way; to the only one there is none.
        socket.joinsBelow(peer.isPresent() ? refused : before);
        return reached;
    }

    /** Sends the datagrams of a train; whether there was room for some, since those that find none are lost then. */
    private boolean pushTrain(DatagramBatch batch, int entry) {
        SocketLibc libc = loop.libc();
        int end = Outbox.datagrams(batch, entry);
        int next = 0;
        int attempts = 0;
        while (next < end) {
            int sent = arena.outbox().segments(libc, socket, batch, entry, next);
            int errno = sent < 0 ? libc.errno() : 0;
            if (errno == Libc.EAGAIN) {
                return next > 0;
            }
            if (sent >= 0) {
                next += sent;
                attempts = 0;
            } else if (again(errno, attempts++)) {
                learn();
            } else {
                // Its own error will be that of the others as a rule.
                lost(errno);
                next++;
            }
        }
        return true;
    }

    /** An entry cannot be sent; one without room in the device is lost on the way, and nothing to learn (ENOBUFS, udp(7)). */
    private void lost(int errno) {
        if (peer.isPresent() && errno != SocketLibc.ENOBUFS) {
            // The same is in the queue once more.
            learn();
            faults.add(ErrorQueue.of(errno));
        }
    }

    /** Whether the system may be unable to cut a train whose datagrams it would take (udp(7)). */
    private static boolean uncut(int errno) {
        return errno == DatagramLibc.EIO || errno == Libc.EINVAL || errno == DatagramLibc.EMSGSIZE;
    }

    @Override
    public Optional<DatagramFault> fault() {
        assert loop.inside();
        if (faults.isEmpty() && !closed && !readInterest && peer.isPresent()) {
            // Nobody has looked.
            learn();
        }
        if (faults.isEmpty()) {
            return Optional.empty();
        }
        DatagramFault next = faults.iterator().next();
        faults.remove(next);
        return Optional.of(next);
    }

    @Override
    public void interest(boolean read, boolean write) {
        assert loop.inside();
        if (closed) {
            return;
        }
        readInterest = read;
        writeInterest = write;
        if ((read || write) && (asked() & ~watched) != 0) {
            watch(asked());
        }
        announce();
    }

    @Override
    public void events(DatagramEvents target) {
        events = closed ? null : target;
    }

    @Override
    public void close() {
        if (!closed) {
            assert loop.inside();
            closed = true;
            readInterest = false;
            writeInterest = false;
            faults.clear();
            events = null;
            loop.remove(socket.descriptor(), this);
            // Nobody else has this socket open, so epoll(7) forgets it with its descriptor.
            loop.libc().close(socket.descriptor());
        }
    }

    @Override
    public void abandon() {
        close();
    }
}
