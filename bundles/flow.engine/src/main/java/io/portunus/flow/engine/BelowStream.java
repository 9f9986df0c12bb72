// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamLayer;
import java.nio.ByteBuffer;

/**
 * A stream as the layer above it sees it. It gives what was read of it before, and announces that as a socket would; while the handshake lasts
 * it gives {@link StreamLayer#MAX_HANDSHAKE_BYTES} at most, and is reset for the layer from there on. Confined to its loop.
 */
final class BelowStream extends WatchedStream {
    private final Stream stream;
    private final ByteBuffer received;
    private final Runnable taken;
    private int left = StreamLayer.MAX_HANDSHAKE_BYTES;
    private boolean open;
    private boolean readInterest;
    private boolean queued;

    /**
     * Begins with what was read before.
     *
     * @param taken run once, when all of that was read again, if there was any
     */
    BelowStream(Stream stream, Guard layer, ByteBuffer received, Runnable taken) {
        super(stream, layer);
        this.stream = stream;
        this.received = received;
        this.taken = taken;
    }

    /** The handshake is done: from here on it gives whatever comes. */
    void open() {
        open = true;
    }

    @Override
    public int read(ByteBuffer to) {
        if (!open || silent()) {
            return silent() ? RESET : greet(to);
        }
        return received.hasRemaining() ? replay(to) : stream.read(to);
    }

    private int greet(ByteBuffer to) {
        if (left == 0) {
            return RESET;
        }
        int limit = to.limit();
        to.limit(to.position() + Math.min(to.remaining(), left));
        int read = received.hasRemaining() ? replay(to) : stream.read(to);
        to.limit(limit);
        left -= Math.max(read, 0);
        return read;
    }

    private int replay(ByteBuffer to) {
        int count = Math.min(to.remaining(), received.remaining());
        to.put(received.slice(received.position(), count));
        received.position(received.position() + count);
        if (!received.hasRemaining()) {
            taken.run();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) {
        return silent() ? RESET : stream.write(from);
    }

    @Override
    public void interest(boolean read, boolean write) {
        super.interest(read, write);
        readInterest = read;
        announce();
    }

    /** Readiness is level-triggered: it is announced for as long as something is there and wanted, a round later each time. */
    private void announce() {
        if (!queued && readInterest && received.hasRemaining() && !silent()) {
            queued = true;
            loop().execute(() -> {
                queued = false;
                if (readInterest && received.hasRemaining()) {
                    readable(this);
                    announce();
                }
            });
        }
    }
}
