// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection. Confined to its loop, but for its addresses.
 *
 * <p>It is watched edge-triggered from the first interest on, by one epoll_ctl(2): what it is ready for is remembered, and the loop reports
 * it again, a round later, for as long as it is true and wanted. Output is watched from the first write on that came short. Once somebody
 * has asked for its descriptor, bytes may be moved behind its back and nothing can be remembered: from then on it is watched
 * level-triggered, and a change of interest costs a call, one a round at most.
 */
final class EpollStream implements Stream, EpollLoop.Source {
    private static final Logger LOG = LoggerFactory.getLogger(EpollStream.class);
    private static final int BROKEN = SocketLibc.EPOLLERR | SocketLibc.EPOLLHUP;
    private static final int READABLE = SocketLibc.EPOLLIN | SocketLibc.EPOLLRDHUP | SocketLibc.EPOLLPRI | BROKEN;
    private static final int WRITABLE = SocketLibc.EPOLLOUT | BROKEN;
    /** After these a short read does not mean that the socket is empty: an end may be next, or what follows an urgent byte. */
    private static final int GOES_ON = SocketLibc.EPOLLRDHUP | SocketLibc.EPOLLPRI | BROKEN;
    static final int EDGES = SocketLibc.EPOLLIN | SocketLibc.EPOLLRDHUP | SocketLibc.EPOLLPRI | SocketLibc.EPOLLET;
    private static final int UNWATCHED = -1;

    private static final int OPEN = 0;
    private static final int ASKED = 1;
    private static final int CLOSED = 2;

    private final EpollLoop loop;
    private final int descriptor;
    private final InetSocketAddress peer;
    /** Volatile: found out by whoever asks first, from whatever thread. */
    private volatile @Nullable InetSocketAddress local;
    /** Keeps the descriptor open while another thread asks for the address, one call long. */
    private final AtomicInteger gate = new AtomicInteger(OPEN);
    private @Nullable StreamEvents events;
    /** What epoll(7) was set to watch. */
    private int watched = UNWATCHED;
    private boolean level;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean readable;
    private boolean writable = true;
    private boolean goesOn;
    private boolean queued;
    private boolean outputEnded;
    /** Whether a write has returned an error of the system: it reports one once, and an end after that. */
    private boolean outputBroken;
    private boolean failed;
    private boolean closed;

    private EpollStream(EpollLoop loop, int descriptor, InetSocketAddress peer, @Nullable InetSocketAddress local) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.peer = peer;
        this.local = local;
    }

    /** A connection that was accepted; nothing is known of it, but that it takes bytes. */
    static EpollStream accepted(EpollLoop loop, int descriptor, InetSocketAddress peer, @Nullable InetSocketAddress local) {
        EpollStream stream = new EpollStream(loop, descriptor, peer, local);
        loop.add(descriptor, stream);
        return stream;
    }

    /** A connection that was made; input and output are watched already, and these events have come. */
    static EpollStream connected(EpollLoop loop, int descriptor, InetSocketAddress peer, int events) {
        EpollStream stream = new EpollStream(loop, descriptor, peer, null);
        loop.replace(descriptor, stream);
        stream.watched = EDGES | SocketLibc.EPOLLOUT;
        stream.remember(events);
        return stream;
    }

    @Override
    public void ready(int what) {
        if (level) {
            if ((what & READABLE) != 0 && readInterest) {
                dispatch(true);
            }
            if ((what & WRITABLE) != 0 && writeInterest) {
                dispatch(false);
            }
            return;
        }
        remember(what);
        deliver();
    }

    private void remember(int what) {
        readable |= (what & READABLE) != 0;
        writable |= (what & WRITABLE) != 0;
        goesOn |= (what & GOES_ON) != 0;
    }

    private void deliver() {
        if (readable && readInterest) {
            dispatch(true);
        }
        if (writable && writeInterest) {
            dispatch(false);
        }
        if (readInterest && readable || writeInterest && writable) {
            later();
        }
    }

    private void later() {
        if (!queued && !closed) {
            queued = true;
            loop.later(this);
        }
    }

    /** What was put off to this round. */
    void again() {
        queued = false;
        if (closed) {
            return;
        }
        if (level) {
            int mask = wanted();
            if (watched != UNWATCHED || mask != SocketLibc.EPOLLET) {
                watch(mask);
            }
        } else {
            deliver();
        }
    }

    /** Events of the level-triggered way. Errors are always reported, so where nothing is wanted they are reported once only. */
    private int wanted() {
        int mask = (readInterest ? SocketLibc.EPOLLIN : 0) | (writeInterest ? SocketLibc.EPOLLOUT : 0);
        return mask == 0 ? SocketLibc.EPOLLET : mask;
    }

    private void watch(int mask) {
        if (mask == watched) {
            return;
        }
        int operation = watched == UNWATCHED ? SocketLibc.EPOLL_CTL_ADD : SocketLibc.EPOLL_CTL_MOD;
        if (loop.control(operation, descriptor, mask)) {
            watched = mask;
        } else {
            // The kernel has no room for it (fs.epoll.max_user_watches): it is reported as broken rather than never.
            failed = true;
            readable = true;
            writable = true;
            level = false;
            later();
        }
    }

    private void dispatch(boolean read) {
        StreamEvents target = events;
        if (target == null) {
            return;
        }
        if (read) {
            target.readable(this);
        } else {
            target.writable(this);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress local() {
        InetSocketAddress known = local;
        return known == null ? askLocal() : known;
    }

    private InetSocketAddress askLocal() {
        InetSocketAddress answer = new InetSocketAddress(0);
        while (!gate.compareAndSet(OPEN, ASKED)) {
            if (gate.get() == CLOSED) {
                return answer;
            }
            Thread.onSpinWait();
        }
        try {
            answer = (loop.inside() ? loop.sockets() : new Sockets(loop.newCalls())).local(descriptor);
        } catch (IOException gone) {
            LOG.trace("a socket without an address", gone);
        } finally {
            gate.set(OPEN);
        }
        local = answer;
        return answer;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public int read(ByteBuffer to) {
        assert loop.inside();
        if (closed || failed) {
            return RESET;
        }
        int room = to.remaining();
        if (room == 0) {
            return 0;
        }
        long received = loop.receive(descriptor, to);
        if (received > 0) {
            if (received < Math.min(room, EventLoop.SCRATCH_BYTES) && !goesOn) {
                readable = false;
            }
            return (int) received;
        }
        if (received < 0) {
            return failed(false);
        }
        return outputBroken ? RESET : END;
    }

    @Override
    public int write(ByteBuffer from) {
        assert loop.inside();
        if (closed || failed || outputBroken || outputEnded) {
            return RESET;
        }
        int length = from.remaining();
        if (length == 0) {
            return 0;
        }
        long sent = loop.send(descriptor, from);
        if (sent < 0) {
            return failed(true);
        }
        if (sent < Math.min(length, EventLoop.SCRATCH_BYTES)) {
            full();
        }
        return (int) sent;
    }

    private int failed(boolean output) {
        int errno = loop.libc().errno();
        if (errno == Libc.EINTR) {
            return 0;
        }
        if (errno != Libc.EAGAIN) {
            // What came before a reset may still be read.
            outputBroken |= output;
            failed |= !output;
            readable = true;
            writable = true;
            return RESET;
        }
        if (output) {
            full();
        } else {
            readable = false;
            goesOn = false;
        }
        return 0;
    }

    private void full() {
        writable = false;
        if (!level && watched != UNWATCHED) {
            watch(EDGES | SocketLibc.EPOLLOUT);
        }
    }

    @Override
    public void interest(boolean read, boolean write) {
        assert loop.inside();
        if (closed) {
            return;
        }
        readInterest = read;
        writeInterest = write;
        if (level) {
            if (wanted() != watched) {
                later();
            }
            return;
        }
        if (watched == UNWATCHED && (read || write)) {
            watch(writable ? EDGES : EDGES | SocketLibc.EPOLLOUT);
        }
        if (read && readable || write && writable) {
            later();
        }
    }

    @Override
    public void events(StreamEvents target) {
        if (!closed) {
            events = target;
        }
    }

    @Override
    public int descriptor() {
        assert loop.inside();
        if (closed) {
            return -1;
        }
        if (!level && !failed) {
            level = true;
            later();
        }
        return descriptor;
    }

    @Override
    public void tune(SocketTuning tuning) {
        assert loop.inside();
        if (!closed) {
            loop.sockets().tune(descriptor, tuning);
        }
    }

    @Override
    public void endOutput() {
        assert loop.inside();
        if (!closed && !outputEnded) {
            outputEnded = true;
            // If the peer has gone the next read returns that.
            loop.libc().shutdown(descriptor, SocketLibc.SHUT_WR);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        assert loop.inside();
        closed = true;
        readInterest = false;
        writeInterest = false;
        events = null;
        loop.remove(descriptor, this);
        while (!gate.compareAndSet(OPEN, CLOSED)) {
            Thread.onSpinWait();
        }
        // Nobody else has this socket open, so epoll(7) forgets it with its descriptor.
        loop.libc().close(descriptor);
    }

    @Override
    public void reset() {
        if (!closed) {
            loop.sockets().abort(descriptor);
            close();
        }
    }

    @Override
    public void abandon() {
        reset();
    }
}
