// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LayerFacts;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** The three messages before the first record. Confined to the loop of its stream. */
final class XorHandshake implements StreamEvents, Cancellable {
    /** What it states of itself. */
    static final LayerFacts FACTS = new LayerFacts("XORv1", Optional.of("words/1"));
    private static final byte[] PRELUDE = {'x', 0, 0, 0, 1, '!'};
    private static final byte[] ANSWER = {'X', 'O', 'R'};
    private static final byte[] DONE = {'o', 'k'};

    private final LayerHost host;
    private final Stream below;
    private final Consumer<XorLayer.Point> trap;
    private final boolean asked;
    /** A prelude, or a record. */
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    private final ByteBuffer out = ByteBuffer.allocate(16).limit(0);
    private boolean greeted;

    XorHandshake(LayerHost host, Consumer<XorLayer.Point> trap) {
        this.host = host;
        this.below = host.below();
        this.trap = trap;
        this.asked = host.target().isEmpty();
    }

    void begin() {
        host.held(in.capacity());
        below.events(this);
        if (!asked) {
            send(PRELUDE);
        }
        updateInterest();
    }

    private void updateInterest() {
        below.interest(true, out.hasRemaining());
    }

    private void send(byte[] message) {
        out.compact().put(message).flip();
        below.write(out);
    }

    @Override
    public void writable(Stream stream) {
        trap.accept(XorLayer.Point.HANDSHAKE_WRITABLE);
        below.write(out);
        updateInterest();
    }

    @Override
    public void readable(Stream stream) {
        trap.accept(XorLayer.Point.HANDSHAKE_READABLE);
        // A little at a time, so that it takes several.
        int read = below.read(in.limit(Math.min(in.capacity(), in.position() + 100)));
        if (read < 0 || read > 0 && !advance()) {
            fail();
        }
    }

    /** Looks at what there is; false when it is not what it should be. */
    private boolean advance() {
        if (asked && !greeted) {
            int length = in.position() < XorLayer.PRELUDE_HEADER ? in.capacity() : XorLayer.PRELUDE_HEADER + Short.toUnsignedInt(in.getShort(3));
            if (in.position() < length) {
                return in.position() < in.capacity();
            }
            take(length);
            greeted = true;
            send(ANSWER);
            updateInterest();
        }
        byte[] expected = asked ? DONE : ANSWER;
        int there = Math.min(in.position(), expected.length);
        if (!Arrays.equals(in.array(), 0, there, expected, 0, there)) {
            return false;
        }
        if (there == expected.length) {
            take(there);
            if (!asked) {
                send(DONE);
            }
            finish();
        }
        return true;
    }

    private void take(int bytes) {
        in.flip().position(bytes).compact();
    }

    private void finish() {
        host.held(-in.capacity());
        below.interest(false, false);
        XorStream above = new XorStream(host, trap, in.flip(), out);
        host.secured(above, FACTS);
    }

    private void fail() {
        host.held(-in.capacity());
        host.failed(CloseReason.SECURE_FAILED);
    }

    @Override
    public void cancel() {
        trap.accept(XorLayer.Point.CANCEL);
        host.held(-in.capacity());
    }
}
