// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.itest.testkit.XorLayer.Point;
import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records upon a stream. It holds one of each direction, no more. Confined to the loop of its stream. */
final class XorStream implements Stream, StreamEvents {
    private final LayerHost host;
    private final Stream below;
    private final Consumer<Point> trap;
    /** Of the stream below: what has not become bytes yet, ready to be written to. */
    private final ByteBuffer in = ByteBuffer.allocate(XorLayer.HEADER + XorLayer.MAX_PAYLOAD);
    /** Bytes of one record, ready to be read from. */
    private final ByteBuffer plain = ByteBuffer.allocate(XorLayer.MAX_PAYLOAD).limit(0);
    /** A record, and an end, that the stream below has not taken, ready to be read from. */
    private final ByteBuffer out = ByteBuffer.allocate(XorLayer.HEADER + XorLayer.MAX_PAYLOAD + XorLayer.HEADER).limit(0);
    /** What came in with the handshake's last message. */
    private final ByteBuffer early;
    private @Nullable StreamEvents events;
    private boolean readInterest;
    private boolean writeInterest;
    private boolean queued;
    private boolean ended;
    private boolean broken;
    private boolean outputEnding;
    private boolean outputEnded;
    private boolean closed;

    /** Goes on where the handshake ended. */
    XorStream(LayerHost host, Consumer<Point> trap, ByteBuffer early, ByteBuffer unsaid) {
        this.host = host;
        this.below = host.below();
        this.trap = trap;
        this.early = early;
        out.clear().put(unsaid).flip();
        host.held(held());
        below.events(this);
    }

    private int held() {
        return in.capacity() + plain.capacity() + out.capacity();
    }

    // Input.

    @Override
    public int read(ByteBuffer to) {
        trap.accept(Point.READ);
        if (closed || broken || !to.hasRemaining()) {
            return closed || broken ? RESET : 0;
        }
        while (!plain.hasRemaining() && !ended) {
            if (!decode()) {
                int read = fill();
                if (read <= 0) {
                    // An end that is not said is a truncation.
                    broken = read < 0;
                    return read == 0 ? 0 : RESET;
                }
            }
        }
        if (!plain.hasRemaining()) {
            return END;
        }
        int count = Math.min(to.remaining(), plain.remaining());
        to.put(plain.slice(plain.position(), count));
        plain.position(plain.position() + count);
        return count;
    }

    private int fill() {
        if (early.hasRemaining()) {
            int count = Math.min(early.remaining(), in.remaining());
            in.put(early.slice(early.position(), count));
            early.position(early.position() + count);
            return count;
        }
        return below.read(in);
    }

    /** Whether there was a record. */
    private boolean decode() {
        if (!whole()) {
            return false;
        }
        in.flip();
        int length = Short.toUnsignedInt(in.getShort());
        plain.clear();
        for (int i = 0; i < length; i++) {
            plain.put(XorLayer.masked(in.get()));
        }
        plain.flip();
        in.compact();
        ended = length == 0;
        return true;
    }

    private boolean whole() {
        return in.position() >= XorLayer.HEADER && in.position() >= XorLayer.HEADER + Short.toUnsignedInt(in.getShort(0));
    }

    /** Whether there is something to be read, although the stream below may have nothing. */
    private boolean pending() {
        return plain.hasRemaining() || ended || broken || early.hasRemaining() || whole();
    }

    // Output.

    @Override
    public int write(ByteBuffer from) {
        trap.accept(Point.WRITE);
        if (closed || outputEnding) {
            return RESET;
        }
        int total = 0;
        while (from.hasRemaining() && !out.hasRemaining()) {
            int count = Math.min(from.remaining(), XorLayer.MAX_PAYLOAD);
            out.clear().putShort((short) count);
            for (int i = 0; i < count; i++) {
                out.put(XorLayer.masked(from.get()));
            }
            out.flip();
            total += count;
            if (!flush()) {
                return RESET;
            }
        }
        return total;
    }

    /** Gives the stream below what it takes; false when that was reset. */
    private boolean flush() {
        int written = 1;
        while (out.hasRemaining() && written > 0) {
            written = below.write(out);
        }
        if (written < 0) {
            out.limit(out.position());
            return false;
        }
        if (outputEnding && !outputEnded && !out.hasRemaining()) {
            outputEnded = true;
            below.endOutput();
        }
        updateInterest();
        return true;
    }

    @Override
    public int unsent() {
        trap.accept(Point.UNSENT);
        return closed ? 0 : out.remaining();
    }

    @Override
    public void endOutput() {
        trap.accept(Point.END_OUTPUT);
        if (!closed && !outputEnding) {
            outputEnding = true;
            out.compact().putShort((short) 0).flip();
            flush();
        }
    }

    // Events.

    @Override
    public void interest(boolean read, boolean write) {
        trap.accept(Point.INTEREST);
        readInterest = read;
        writeInterest = write;
        updateInterest();
        announce();
    }

    private void updateInterest() {
        if (!closed) {
            below.interest(readInterest && !ended && !broken, out.hasRemaining() || writeInterest);
        }
    }

    private void announce() {
        if (!queued && !closed && readInterest && pending()) {
            queued = true;
            host.later(() -> {
                queued = false;
                trap.accept(Point.LATER);
                notifyReadable();
            });
        }
    }

    private void notifyReadable() {
        StreamEvents target = events;
        if (readInterest && !closed && target != null) {
            target.readable(this);
            announce();
        }
    }

    @Override
    public void readable(Stream stream) {
        trap.accept(Point.READABLE);
        notifyReadable();
    }

    @Override
    public void writable(Stream stream) {
        trap.accept(Point.WRITABLE);
        broken |= !flush();
        StreamEvents target = events;
        if (!out.hasRemaining() && writeInterest && !closed && target != null) {
            target.writable(this);
        }
    }

    @Override
    public void events(StreamEvents target) {
        trap.accept(Point.EVENTS);
        events = target;
    }

    // The rest is the stream below.

    @Override
    public EventLoop loop() {
        return below.loop();
    }

    @Override
    public InetSocketAddress local() {
        return below.local();
    }

    @Override
    public InetSocketAddress peer() {
        return below.peer();
    }

    @Override
    public int descriptor() {
        trap.accept(Point.DESCRIPTOR);
        return -1;
    }

    @Override
    public void tune(SocketTuning tuning) {
        trap.accept(Point.TUNE);
        below.tune(tuning);
    }

    @Override
    public void close() {
        trap.accept(Point.CLOSE);
        if (leave()) {
            below.close();
        }
    }

    @Override
    public void reset() {
        trap.accept(Point.RESET);
        if (leave()) {
            below.reset();
        }
    }

    private boolean leave() {
        boolean first = !closed;
        closed = true;
        events = null;
        if (first) {
            host.held(-held());
        }
        return first;
    }
}
