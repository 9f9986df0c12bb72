// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.nio.ByteBuffer;

/**
 * Watches a client while its target is resolved and connected, so that one that resets is noticed at once. A reset shows only to who
 * reads, and readiness is level-triggered, so what the client sends ahead is taken out of its socket and kept behind the prelude, to be
 * replayed. Confined to the flow's loop.
 */
final class DownstreamWatch implements StreamEvents {
    /** What is read ahead at most; from there on, as after FIN, the client is no longer watched. */
    static final int MAX_AHEAD = 16 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Stream downstream;
    private final Runnable gone;
    private final int bound;
    private ByteBuffer bytes;
    private boolean ended;
    private boolean over;

    /**
     * Makes a watch that has not begun.
     *
     * @param received what was read before, ready to be read from; the watch owns it
     * @param gone run once, when the client has reset
     */
    DownstreamWatch(Stream downstream, ByteBuffer received, Runnable gone) {
        this.downstream = downstream;
        this.gone = gone;
        this.bound = received.limit() + MAX_AHEAD;
        this.bytes = received.position(received.limit()).limit(received.capacity());
    }

    void start() {
        downstream.events(this);
        downstream.interest(true, false);
    }

    /** Stops looking; what was read before and ahead, in its order, ready to be read from, once. Interest is left to who takes over. */
    ByteBuffer stop() {
        over = true;
        ByteBuffer all = bytes.flip();
        bytes = NOTHING;
        return all;
    }

    /** Whether the client sent FIN behind those bytes; it is not to be read any more. */
    boolean ended() {
        return ended;
    }

    @Override
    public void readable(Stream stream) {
        if (over) {
            return;
        }
        ByteBuffer ahead = downstream.loop().scratch().limit(bound - bytes.position());
        int read = downstream.read(ahead);
        if (read == Stream.RESET) {
            over = true;
            gone.run();
            return;
        }
        keep(ahead.flip());
        ended = read == Stream.END;
        if (ended || bytes.position() == bound) {
            downstream.interest(false, false);
        }
    }

    private void keep(ByteBuffer ahead) {
        int wanted = bytes.position() + ahead.remaining();
        if (wanted > bytes.capacity()) {
            bytes = ByteBuffer.allocate(Math.min(Math.max(wanted, 2 * bytes.capacity()), bound)).put(bytes.flip());
        }
        bytes.put(ahead);
    }

    @Override
    public void writable(Stream stream) {
        // Nothing is written before the target is there.
    }
}
