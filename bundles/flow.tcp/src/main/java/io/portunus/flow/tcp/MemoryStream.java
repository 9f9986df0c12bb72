// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory, whose other end is the rehearsal or the test. Confined to its thread. */
final class MemoryStream implements Stream {
    /** What became of it. */
    enum Fate {
        OPEN, CLOSED, RESET
    }

    /** Events in a row that change nothing, before it is called a spin. */
    private static final int MAX_EVENTS = 10_000;

    private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

    private final MemoryLoop loop;
    private final ArrayDeque<ByteBuffer> incoming = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable StreamEvents events;
    private boolean wantsRead;
    private boolean wantsWrite;
    private boolean peerEnded;
    private boolean peerReset;
    private boolean outputEnded;
    private final List<SocketTuning> tunings = new ArrayList<>();
    private int window = Integer.MAX_VALUE;
    private Fate fate = Fate.OPEN;

    MemoryStream(MemoryLoop loop) {
        this.loop = loop;
    }

    // What the peer does.

    void peerSends(byte[] bytes) {
        if (bytes.length > 0) {
            incoming.add(ByteBuffer.wrap(bytes));
        }
        announce();
    }

    void peerEnds() {
        peerEnded = true;
        announce();
    }

    /** Last words, and then a reset, which the flow notices when it next reads or writes. */
    void peerResets(byte[] lastWords) {
        if (lastWords.length > 0) {
            incoming.add(ByteBuffer.wrap(lastWords));
        }
        peerReset = true;
    }

    /** Tells of what is there to be read for as long as the flow wants to know, as level-triggered readiness does. */
    void announce() {
        StreamEvents told = events;
        for (int i = 0; told != null && fate == Fate.OPEN && wantsRead && (!incoming.isEmpty() || peerEnded || peerReset); i++) {
            if (i == MAX_EVENTS) {
                throw new AssertionError("the flow spins");
            }
            told.readable(this);
            told = events;
        }
    }

    /** How many more bytes it takes. */
    void window(int bytes) {
        window = bytes;
        StreamEvents told = events;
        if (told != null && wantsWrite && bytes > 0) {
            told.writable(this);
        }
    }

    byte[] written() {
        return written.toByteArray();
    }

    int unread() {
        return incoming.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    boolean outputEnded() {
        return outputEnded;
    }

    List<SocketTuning> tunings() {
        return tunings;
    }

    Fate fate() {
        return fate;
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
        return new InetSocketAddress(LOOPBACK, 2);
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
    public void onFault(Consumer<Throwable> told) {
        // What a callback throws ends the rehearsal.
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public void tune(SocketTuning tuning) {
        tunings.add(tuning);
    }

    @Override
    public void interest(boolean read, boolean write) {
        wantsRead = read;
        wantsWrite = write;
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
