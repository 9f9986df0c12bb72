// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Writes the header that a target requires before the client's first byte. Confined to the flow's loop. */
final class HeaderWriter implements StreamEvents, Cancellable {
    /** How long a target may take to take it. It is small and the connection fresh, so usually it is taken at once, without a timer. */
    static final Duration BUDGET = Duration.ofSeconds(10);

    private final Stream upstream;
    private final LiveFlow flow;
    private final ByteBuffer header;
    private final Callback callback;
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /** Called once, with the result. */
    interface Callback {
        /** The target has taken it all. The writer has no interest in events any more. */
        void written(Stream upstream);

        /** It has not, and was reset. */
        void notWritten();
    }

    HeaderWriter(Stream upstream, LiveFlow flow, byte[] header, Callback callback) {
        this.upstream = upstream;
        this.flow = flow;
        this.header = ByteBuffer.wrap(header);
        this.callback = callback;
    }

    void start(Duration budget) {
        write();
        if (!over) {
            deadline = flow.after(budget, this::fail);
            upstream.events(this);
            upstream.interest(false, true);
        }
    }

    @Override
    public void writable(Stream stream) {
        if (!over) {
            write();
        }
    }

    private void write() {
        int written = 1;
        while (header.hasRemaining() && written > 0) {
            written = upstream.write(header);
        }
        if (written == Stream.RESET) {
            fail();
        } else if (!header.hasRemaining()) {
            over = true;
            deadline.cancel();
            upstream.interest(false, false);
            callback.written(upstream);
        }
    }

    private void fail() {
        if (!over) {
            cancel();
            callback.notWritten();
        }
    }

    /** Resets the target's side without a callback. */
    @Override
    public void cancel() {
        if (!over) {
            over = true;
            deadline.cancel();
            upstream.reset();
        }
    }

    @Override
    public void readable(Stream stream) {
        // What the target sends first is read by the pump.
    }
}
