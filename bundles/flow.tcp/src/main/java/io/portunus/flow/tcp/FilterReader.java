// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.ToldOrigin;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads what somebody in front put before a client's own bytes, and takes it away. What came with it is kept for the next stage. Confined
 * to the flow's loop.
 */
final class FilterReader implements StreamEvents, Cancellable {
    private final Stream downstream;
    private final Filtering filtering;
    private final Outcome outcome;
    /** The size that the next stage begins with, as it goes on with this buffer; it grows to {@link Filtering#MAX_BYTES} at most. */
    private ByteBuffer bytes = ByteBuffer.allocate(PreludeReader.FIRST_BYTES);
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /** Told how it went, once. The reader wants no more events. */
    interface Outcome {
        /** It is complete; the client's own bytes, so far, are in the buffer, which is ready to be filled further. */
        void told(ToldOrigin origin, ByteBuffer behind);

        /** It is not what it has to be, or it did not come. */
        void failed(CloseReason reason);
    }

    FilterReader(Stream downstream, Filtering filtering, Outcome outcome) {
        this.downstream = downstream;
        this.filtering = filtering;
        this.outcome = outcome;
    }

    void start(Duration limit) {
        deadline = downstream.loop().after(limit, () -> fail(CloseReason.PROXY_HEADER_TIMEOUT));
        downstream.events(this);
        downstream.interest(true, false);
    }

    @Override
    public void readable(Stream stream) {
        if (over) {
            return;
        }
        int read = downstream.read(bytes);
        if (read < 0) {
            fail(CloseReason.CLOSED_DURING_PEEK);
        } else if (read > 0) {
            judge(filtering.filter(bytes.asReadOnlyBuffer().flip()));
        }
    }

    private void judge(Filtering.Outcome verdict) {
        switch (verdict) {
            case Filtering.Outcome.Told told -> {
                cancel();
                outcome.told(told.origin(), bytes.flip().position(told.length()).compact());
            }
            case Filtering.Outcome.No no -> fail(no.reason());
            case Filtering.Outcome.More more -> {
                if (!bytes.hasRemaining() && !grow()) {
                    fail(CloseReason.PROXY_HEADER_MALFORMED);
                }
            }
        }
    }

    private boolean grow() {
        if (bytes.capacity() == Filtering.MAX_BYTES) {
            return false;
        }
        bytes = ByteBuffer.allocate(Filtering.MAX_BYTES).put(bytes.flip());
        return true;
    }

    private void fail(CloseReason reason) {
        if (!over) {
            cancel();
            outcome.failed(reason);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            deadline.cancel();
            downstream.interest(false, false);
        }
    }

    @Override
    public void writable(Stream stream) {
        // Nothing is written while the header is read.
    }
}
