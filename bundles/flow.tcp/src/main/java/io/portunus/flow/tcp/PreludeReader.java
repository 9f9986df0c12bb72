// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads the first bytes of a connection until an inspection knows what they are. They stay in the buffer, to be replayed. Confined to the
 * flow's loop.
 */
final class PreludeReader implements StreamEvents {
    /** From accept to the verdict, however the bytes arrive. */
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    /** First size of the buffer; most hellos fit. It grows with the bytes received, to {@link Inspection#MAX_BYTES} at most. */
    private static final int FIRST_BYTES = 2048;

    private final Stream downstream;
    private final LiveFlow flow;
    private final Inspection inspection;
    private final Outcome outcome;
    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES);
    private Cancellable deadline = () -> { };
    private boolean over;

    /** Told how it went, once. The reader has given its place back and wants no more events. */
    interface Outcome {
        /** The bytes are what they should be; the buffer is ready to be read from. */
        void recognised(Prelude prelude, ByteBuffer received);

        /** They are not, or they did not come. */
        void failed(CloseReason reason);
    }

    PreludeReader(Stream downstream, LiveFlow flow, Inspection inspection, Outcome outcome) {
        this.downstream = downstream;
        this.flow = flow;
        this.inspection = inspection;
        this.outcome = outcome;
    }

    void start() {
        deadline = downstream.loop().after(DEADLINE, () -> end(() -> outcome.failed(CloseReason.PEEK_TIMEOUT)));
        downstream.events(this);
        downstream.interest(true, false);
    }

    /** Ends it without telling anybody. */
    void cancel() {
        end(() -> { });
    }

    @Override
    public void readable(Stream stream) {
        if (over) {
            return;
        }
        int read = downstream.read(bytes);
        if (read < 0) {
            end(() -> outcome.failed(CloseReason.CLOSED_DURING_PEEK));
        } else if (read > 0) {
            judge(inspection.inspect(bytes.asReadOnlyBuffer().flip()));
        }
    }

    private void judge(Verdict verdict) {
        switch (verdict) {
            case Verdict.Match match -> end(() -> outcome.recognised(match.prelude(), bytes.flip()));
            case Verdict.No no -> end(() -> outcome.failed(no.reason()));
            case Verdict.More more -> {
                if (!bytes.hasRemaining() && !grow()) {
                    end(() -> outcome.failed(CloseReason.HELLO_MALFORMED));
                }
            }
        }
    }

    private boolean grow() {
        if (bytes.capacity() == Inspection.MAX_BYTES) {
            return false;
        }
        ByteBuffer larger = ByteBuffer.allocate(Math.min(bytes.capacity() * 2, Inspection.MAX_BYTES));
        bytes = larger.put(bytes.flip());
        return true;
    }

    private void end(Runnable tell) {
        if (!over) {
            over = true;
            deadline.cancel();
            downstream.interest(false, false);
            flow.endPeek();
            tell.run();
        }
    }

    @Override
    public void writable(Stream stream) {
        // Nothing is written while the prelude is read.
    }
}
