// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Watches a client while its target is resolved and connected, so that one that resets is noticed at once. A reset shows only to who
 * reads, and readiness is level-triggered, so what the client sends ahead is taken out of its socket and kept behind the prelude, to be
 * replayed. Confined to the flow's loop.
 */
final class DownstreamWatch implements StreamEvents {
    /** What is read ahead at most; from there on, as after FIN, the client is no longer watched. */
    static final int MAX_AHEAD = 16 * 1024;

    private final Stream downstream;
    private final KeptBytes bytes;
    private final Consumer<CloseReason> over;
    private final int bound;
    private boolean ended;
    private boolean stopped;

    /**
     * Makes a watch that has not begun.
     *
     * @param bytes what was read before, and where more is kept
     * @param over called once, when the client has reset, or what it sends finds no room
     */
    DownstreamWatch(Stream downstream, KeptBytes bytes, Consumer<CloseReason> over) {
        this.downstream = downstream;
        this.bytes = bytes;
        this.over = over;
        this.bound = bytes.size() + MAX_AHEAD;
    }

    void start() {
        downstream.events(this);
        downstream.interest(true, false);
    }

    /** Stops looking; what was read before and ahead, in its order, ready to be read from, once. Interest is left to who takes over. */
    ByteBuffer stop() {
        stopped = true;
        return bytes.deliver();
    }

    /** Whether the client sent FIN behind those bytes; it is not to be read any more. */
    boolean ended() {
        return ended;
    }

    @Override
    public void readable(Stream stream) {
        if (stopped) {
            return;
        }
        int read = bytes.read(downstream, bound);
        if (read == Stream.RESET) {
            end(CloseReason.DOWNSTREAM_RESET);
        } else if (read > 0 && !bytes.fit()) {
            end(CloseReason.BUFFERS_FULL);
        } else {
            ended = read == Stream.END;
            if (ended || bytes.size() == bound) {
                downstream.interest(false, false);
            }
        }
    }

    private void end(CloseReason reason) {
        stopped = true;
        over.accept(reason);
    }

    @Override
    public void writable(Stream stream) {
        // Nothing is written before the target is there.
    }
}
