// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** One end of a connection whose other end is the test. Confined to the test's thread. */
final class MemoryStream implements Stream {
    /** What became of it. */
    enum Fate {
        OPEN, CLOSED, RESET
    }

    private final MemoryLoop loop;
    private final ArrayDeque<ByteBuffer> incoming = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private StreamEvents events = new StreamEvents() {
        @Override
        public void readable(Stream stream) {
            throw new AssertionError("nobody listens");
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody listens");
        }
    };
    private boolean wantsRead;
    private boolean wantsWrite;
    private boolean peerEnded;
    private boolean peerReset;
    private boolean refusesWrites;
    private boolean outputEnded;
    private int window = Integer.MAX_VALUE;
    private Fate fate = Fate.OPEN;

    MemoryStream(MemoryLoop loop) {
        this.loop = loop;
    }

    // What the test does.

    void peerSends(byte[] bytes) {
        incoming.add(ByteBuffer.wrap(bytes));
        announce();
    }

    void peerEnds() {
        peerEnded = true;
        announce();
    }

    /** Last words, and then a reset that the flow notices when it reads, or when it writes. */
    void peerResets(byte[] lastWords) {
        incoming.add(ByteBuffer.wrap(lastWords));
        peerReset = true;
        refusesWrites = true;
    }

    void announce() {
        for (int i = 0; i < 10_000 && fate == Fate.OPEN && wantsRead && (!incoming.isEmpty() || peerEnded || peerReset); i++) {
            events.readable(this);
        }
    }

    /** How many more bytes it takes. */
    void window(int bytes) {
        window = bytes;
        if (wantsWrite && bytes > 0) {
            events.writable(this);
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
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    }

    @Override
    public int read(ByteBuffer to) {
        if (fate != Fate.OPEN) {
            return RESET;
        }
        ByteBuffer first = incoming.peek();
        if (first == null || !first.hasRemaining() && incoming.size() == 1) {
            incoming.clear();
            return peerReset ? RESET : peerEnded ? END : 0;
        }
        int count = Math.min(first.remaining(), to.remaining());
        to.put(first.slice(first.position(), count));
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
            incoming.poll();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        if (fate != Fate.OPEN || refusesWrites) {
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
