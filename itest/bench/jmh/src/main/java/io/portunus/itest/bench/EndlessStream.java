// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.SocketTuning;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A stream whose peer sends whatever the benchmark sets, and takes everything. Copies nothing and allocates nothing. */
final class EndlessStream implements Stream {
    private static final StreamEvents NOBODY = new StreamEvents() {
        @Override
        public void readable(Stream stream) {
            // Nobody listens.
        }

        @Override
        public void writable(Stream stream) {
            // The same.
        }
    };

    private final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private final EventLoop loop;
    private StreamEvents events = NOBODY;
    private int waiting;

    EndlessStream(EventLoop loop) {
        this.loop = loop;
    }

    /** The peer sends; the flow is notified. */
    void arrives(int bytes) {
        waiting = bytes;
        while (waiting > 0) {
            events.readable(this);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress local() {
        return address;
    }

    @Override
    public InetSocketAddress peer() {
        return address;
    }

    @Override
    public int read(ByteBuffer to) {
        int count = Math.min(waiting, to.remaining());
        to.position(to.position() + count);
        waiting -= count;
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        int count = from.remaining();
        from.position(from.limit());
        return count;
    }

    @Override
    public void interest(boolean read, boolean write) {
        // The benchmark sets when there is something.
    }

    @Override
    public void events(StreamEvents target) {
        events = target;
    }

    @Override
    public void tune(SocketTuning tuning) {
        // There is no socket.
    }

    /** There is none: flows in memory are copied. */
    public int descriptor() {
        return -1;
    }

    @Override
    public void endOutput() {
        // It is endless.
    }

    @Override
    public void close() {
        // The same.
    }

    @Override
    public void reset() {
        throw new AssertionError("the flow was reset");
    }
}
