// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The end of a refused client: its protocol's word for it, FIN, and then its input is read for a little while, because unread input
 * would make the system send RST, which may destroy the word on its way (RFC 9293 §3.6). Confined to the flow's loop.
 */
final class Refusal implements StreamEvents, Cancellable {
    /** Input that is read away at most. */
    private static final int MAX_DRAINED = 64 * 1024;
    /** How long the client may take to close. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Stream downstream;
    private final LiveFlow flow;
    private final Runnable done;
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private int drained;
    private boolean over;

    Refusal(Stream downstream, LiveFlow flow, Runnable done) {
        this.downstream = downstream;
        this.flow = flow;
        this.done = done;
    }

    /** Starts; a word that the socket does not take at once is cut, which no client of a fresh connection sees. */
    void start(byte[] word) {
        downstream.write(ByteBuffer.wrap(word));
        downstream.endOutput();
        deadline = flow.after(PATIENCE, this::cancel);
        downstream.events(this);
        downstream.interest(true, false);
    }

    @Override
    public void readable(Stream stream) {
        int read = downstream.read(downstream.loop().scratch());
        drained += Math.max(read, 0);
        if (read < 0 || drained > MAX_DRAINED) {
            cancel();
        }
    }

    @Override
    public void writable(Stream stream) {
        // All was written at once.
    }

    /** Ends it now. */
    @Override
    public void cancel() {
        if (!over) {
            over = true;
            deadline.cancel();
            downstream.close();
            done.run();
        }
    }
}
