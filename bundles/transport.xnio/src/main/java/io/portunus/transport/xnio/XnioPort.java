// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One bound address for datagrams, by channels of the JDK on a thread of XNIO; a call of the system carries one datagram. Confined to its loop, but
 * for its addresses. What a connected one learns is learnt by its next call, since the JDK throws it there.
 */
final class XnioPort implements DatagramPort {
    /** Times that a datagram is sent again because the call has thrown what the one before it has caused. */
    private static final int RETRIES = 2;

    private final XnioLoop loop;
    private final boolean trains;
    private final Optional<InetSocketAddress> peer;
    private final InetSocketAddress local;
    private final List<NioDatagrams> sockets;
    private final Set<DatagramFault> faults = EnumSet.noneOf(DatagramFault.class);
    private @Nullable DatagramEvents events;
    /** Which socket is received from first, so that none waits for the others. */
    private int turn;
    /** The socket that had no room. */
    private NioDatagrams full;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean announced;
    private boolean closed;

    private XnioPort(XnioLoop loop, DatagramSpec spec, List<NioDatagrams> sockets) {
        this.loop = loop;
        this.trains = spec.trains();
        this.peer = spec.peer();
        this.sockets = sockets;
        this.full = sockets.getFirst();
        InetSocketAddress bound = full.local();
        this.local = bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress(spec.local().getAddress(), bound.getPort()) : bound;
    }

    /** Opens one; called on the loop. */
    static XnioPort open(XnioLoop loop, DatagramWatches watches, DatagramSpec spec) throws IOException {
        XnioPort port = new XnioPort(loop, spec, NioDatagramSockets.open(watches, loop.thread().getWorker(), spec));
        for (NioDatagrams each : port.sockets) {
            each.watch().getReadSetter().set(unused -> port.dispatch(true));
            each.watch().getWriteSetter().set(unused -> port.dispatch(false));
        }
        return port;
    }

    private void dispatch(boolean read) {
        DatagramEvents target = events;
        if (target == null) {
            return;
        }
        if (read && readInterest) {
            target.readable(this);
        } else if (!read && writeInterest) {
            target.writable(this);
        }
    }

    private void learns(IOException thrown) {
        if (thrown instanceof ClosedChannelException) {
            // The transport has ended.
            close();
        } else if (peer.isPresent()) {
            faults.add(DatagramFault.of(thrown));
        }
    }

    /** Reports in each round that there are faults, for as long as there are. */
    private void announce() {
        if (!faults.isEmpty() && readInterest && !announced) {
            announced = true;
            loop.execute(() -> {
                announced = false;
                if (!faults.isEmpty()) {
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
        ByteBuffer buffer = loop.datagram();
        int first = turn++;
        for (int i = 0; i < sockets.size(); i++) {
            fill(batch, sockets.get(Math.floorMod(first + i, sockets.size())), buffer);
        }
        announce();
        return closed ? CLOSED : batch.count();
    }

    private void fill(DatagramBatch batch, NioDatagrams from, ByteBuffer buffer) {
        int attempts = 0;
        while (!closed && batch.count() < batch.capacity() && attempts <= RETRIES) {
            try {
                if (!from.receive(batch, buffer)) {
                    return;
                }
            } catch (IOException thrown) {
                learns(thrown);
                attempts++;
            }
        }
    }

    @Override
    public int send(DatagramBatch batch, int first, int end) {
        assert loop.inside();
        int next = first;
        while (!closed && next < end && sendEntry(batch, next)) {
            next++;
        }
        announce();
        return closed ? CLOSED : next - first;
    }

    /** Sends an entry, or each datagram of it; whether there was room. Of a train that has begun, what finds no room is lost. */
    private boolean sendEntry(DatagramBatch batch, int entry) {
        NioDatagrams by = socket(batch, entry);
        int length = batch.length(entry);
        int size = batch.segmentBytes(entry) == 0 ? Math.max(length, 1) : batch.segmentBytes(entry);
        int at = 0;
        do {
            ByteBuffer bytes = loop.datagram().put(0, batch.memory(), batch.offset(entry) + at, Math.min(size, length - at))
                .limit(Math.min(size, length - at));
            if (!sent(by, batch, entry, bytes)) {
                full = by;
                return at > 0;
            }
            at += size;
        } while (at < length);
        return true;
    }

    private boolean sent(NioDatagrams by, DatagramBatch batch, int entry, ByteBuffer bytes) {
        for (int attempts = 0; attempts <= RETRIES && !closed; attempts++) {
            try {
                return by.send(batch, entry, bytes);
            } catch (IOException thrown) {
                learns(thrown);
                if (peer.isEmpty()) {
                    return true;
                }
            }
        }
        // It cannot be sent at all.
        return true;
    }

    /** The socket on the address that an entry is to come from; the first if there is none. */
    private NioDatagrams socket(DatagramBatch batch, int entry) {
        for (int i = 1; i < sockets.size() && batch.hasLocal(entry); i++) {
            if (sockets.get(i).has(batch.localHigh(entry), batch.localLow(entry))) {
                return sockets.get(i);
            }
        }
        return sockets.getFirst();
    }

    @Override
    public Optional<DatagramFault> fault() {
        assert loop.inside();
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
        for (NioDatagrams each : sockets) {
            each.interest(read, write && each == full);
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
            sockets.forEach(NioDatagrams::close);
        }
    }
}
