// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.IpLiterals;
import io.portunus.model.SocketTuning;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection in memory, whose other end is the rehearsal or the test. What a callback throws goes through to who caused the event,
 * unless the engine watches over it. Confined to its thread.
 */
public final class MemoryStream implements Stream {
    /** What became of it. */
    public enum Fate {
        OPEN, CLOSED, RESET
    }

    /** Events in a row that change nothing, before it is called a spin. */
    private static final int MAX_EVENTS = 10_000;

    private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

    private final EventLoop loop;
    private final InetSocketAddress peer;
    private final ArrayDeque<ByteBuffer> incoming = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable StreamEvents events;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean peerEnded;
    private boolean peerReset;
    private boolean outputEnded;
    private final List<SocketTuning> tunings = new ArrayList<>();
    private int window = Integer.MAX_VALUE;
    private int descriptor = -1;
    private Fate fate = Fate.OPEN;

    /** A connection of a client on the loopback. */
    public MemoryStream(EventLoop loop) {
        this(loop, new InetSocketAddress(LOOPBACK, 2));
    }

    /** A connection whose other end has an address. */
    public MemoryStream(EventLoop loop, InetSocketAddress peer) {
        this.loop = loop;
        this.peer = peer;
    }

    // What the peer does.

    /** The peer sends; the flow reads it now, if its read interest is set. */
    public void peerSends(byte[] bytes) {
        if (bytes.length > 0) {
            incoming.add(ByteBuffer.wrap(bytes));
        }
        announce();
    }

    /** The peer sends FIN. */
    public void peerEnds() {
        peerEnded = true;
        announce();
    }

    /** Last words, and then a reset, which the flow notices when it next reads or writes. */
    public void peerResets(byte[] lastWords) {
        if (lastWords.length > 0) {
            incoming.add(ByteBuffer.wrap(lastWords));
        }
        peerReset = true;
    }

    /** Notifies of what is there to be read for as long as the flow has read interest, as level-triggered readiness does. */
    public void announce() {
        StreamEvents notified = events;
        for (int i = 0; notified != null && fate == Fate.OPEN && readInterest && (!incoming.isEmpty() || peerEnded || peerReset); i++) {
            if (i == MAX_EVENTS) {
                throw new AssertionError("the flow spins");
            }
            notified.readable(this);
            notified = events;
        }
    }

    /** How many more bytes it takes. */
    public void window(int bytes) {
        window = bytes;
        StreamEvents notified = events;
        if (notified != null && writeInterest && bytes > 0) {
            notified.writable(this);
        }
    }

    /** Has it return a descriptor from now on; without this it has none. */
    public void descriptor(int number) {
        descriptor = number;
    }

    /** What the flow has sent so far. */
    public byte[] written() {
        return written.toByteArray();
    }

    /** Bytes of the peer that the flow has not read. */
    public int unread() {
        return incoming.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    /** Whether the flow has sent FIN. */
    public boolean outputEnded() {
        return outputEnded;
    }

    /** Options that it was given, in their order. */
    public List<SocketTuning> tunings() {
        return tunings;
    }

    /** What became of it. */
    public Fate fate() {
        return fate;
    }

    /** Whether the flow reset it. */
    public boolean wasReset() {
        return fate == Fate.RESET;
    }

    /** Puts back what was read of it, to be read once more. */
    void takesBack(ByteBuffer read) {
        if (read.hasRemaining()) {
            incoming.addFirst(ByteBuffer.allocate(read.remaining()).put(read).flip());
        }
    }

    // What the flow sees.

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress local() {
        return new InetSocketAddress(LOOPBACK, 1);
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public int read(ByteBuffer to) {
        ByteBuffer first = incoming.peek();
        if (fate != Fate.OPEN || first == null) {
            return fate != Fate.OPEN || peerReset ? RESET : peerEnded ? END : 0;
        }
        int count = Math.min(first.remaining(), to.remaining());
        to.put(first.slice(first.position(), count));
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
            incoming.remove();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        if (fate != Fate.OPEN || peerReset) {
            return RESET;
        }
        int count = Math.min(from.remaining(), window);
        byte[] taken = new byte[count];
        from.get(taken);
        written.writeBytes(taken);
        window -= count;
        return count;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public void tune(SocketTuning tuning) {
        tunings.add(tuning);
    }

    @Override
    public void interest(boolean read, boolean write) {
        readInterest = read;
        writeInterest = write;
    }

    @Override
    public void events(StreamEvents target) {
        events = target;
    }

    @Override
    public void endOutput() {
        outputEnded = true;
    }

    @Override
    public void close() {
        fate = fate == Fate.OPEN ? Fate.CLOSED : fate;
    }

    @Override
    public void reset() {
        fate = fate == Fate.OPEN ? Fate.RESET : fate;
    }
}
