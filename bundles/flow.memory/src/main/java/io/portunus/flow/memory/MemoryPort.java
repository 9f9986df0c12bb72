// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A datagram socket of {@link MemoryDatagrams}. Confined to one thread. */
final class MemoryPort implements DatagramPort {
    /** Datagrams that wait to be fetched; more are lost, as those are that find a socket's buffer full. */
    static final int MAX_WAITING = 256;
    /** Longest datagram of UDP on IPv4. */
    static final int MAX_LENGTH = 65_507;
    /** Events in a row that change nothing, before it is called a spin. */
    private static final int MAX_EVENTS = 10_000;

    private final MemoryDatagrams network;
    private final EventLoop loop;
    private final InetSocketAddress local;
    private final DatagramSpec spec;
    private final Optional<InetSocketAddress> peer;
    private final ArrayDeque<Datagram> waiting = new ArrayDeque<>();
    private final Set<DatagramFault> faults = EnumSet.noneOf(DatagramFault.class);
    private @Nullable DatagramEvents events;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean closed;

    /** One that is on the way. */
    record Datagram(ByteBuffer bytes, InetSocketAddress from, InetAddress to, int ecn) {
    }

    MemoryPort(MemoryDatagrams network, EventLoop loop, InetSocketAddress local, DatagramSpec spec) {
        this.network = network;
        this.loop = loop;
        this.local = local;
        this.spec = spec;
        this.peer = spec.peer();
    }

    /** Whether others may have its address. */
    boolean shares() {
        return spec.sharing() != DatagramSpec.Sharing.ALONE;
    }

    boolean takesAny() {
        return local.getAddress().isAnyLocalAddress();
    }

    void arrives(Datagram datagram) {
        if (waiting.size() < MAX_WAITING && peer.filter(only -> !only.equals(datagram.from())).isEmpty()) {
            waiting.add(datagram);
            announce();
        }
    }

    private void announce() {
        DatagramEvents notified = events;
        for (int i = 0; notified != null && !closed && readInterest && !(waiting.isEmpty() && faults.isEmpty()); i++) {
            if (i == MAX_EVENTS) {
                throw new AssertionError("the flow spins");
            }
            notified.readable(this);
            notified = events;
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
        batch.clear();
        DatagramSpec.checkRoom(spec.trains(), batch);
        while (!closed && batch.count() < batch.capacity() && !waiting.isEmpty()) {
            Datagram next = waiting.remove();
            int whole = next.bytes().remaining();
            int length = Math.min(whole, batch.slotBytes());
            int entry = batch.add(next.bytes().slice(0, length));
            batch.peer(entry, next.from());
            batch.local(entry, next.to());
            batch.mark(entry, 0, next.ecn(), length < whole);
        }
        return closed ? CLOSED : batch.count();
    }

    @Override
    public int send(DatagramBatch batch, int first, int end) {
        for (int entry = first; entry < end && !closed; entry++) {
            ByteBuffer bytes = ByteBuffer.allocate(batch.length(entry));
            batch.copy(entry, bytes);
            int size = batch.segmentBytes(entry) == 0 ? bytes.capacity() : batch.segmentBytes(entry);
            bytes.flip();
            do {
                int length = Math.min(size, bytes.remaining());
                send(batch, entry, bytes.slice(bytes.position(), length));
                bytes.position(bytes.position() + length);
            } while (bytes.hasRemaining());
        }
        announce();
        return closed ? CLOSED : end - first;
    }

    private void send(DatagramBatch batch, int entry, ByteBuffer bytes) {
        InetSocketAddress to = peer.isPresent() ? peer.get() : batch.peer(entry);
        InetAddress from = batch.hasLocal(entry) ? batch.local(entry) : MemoryDatagrams.own(local.getAddress(), to);
        if (bytes.remaining() > MAX_LENGTH) {
            learns(DatagramFault.TOO_LONG);
        } else if (!network.deliver(new Datagram(bytes, new InetSocketAddress(from, local.getPort()), to.getAddress(), batch.ecn(entry)), to)) {
            learns(DatagramFault.REFUSED);
        }
    }

    private void learns(DatagramFault fault) {
        if (peer.isPresent()) {
            faults.add(fault);
        }
    }

    @Override
    public Optional<DatagramFault> fault() {
        Optional<DatagramFault> next = faults.stream().findFirst();
        next.ifPresent(faults::remove);
        return next;
    }

    @Override
    public void interest(boolean read, boolean write) {
        boolean newly = write && !writeInterest;
        readInterest = read;
        writeInterest = write;
        DatagramEvents notified = events;
        if (newly && notified != null && !closed) {
            notified.writable(this);
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
            closed = true;
            events = null;
            waiting.clear();
            network.closed(this);
        }
    }
}
