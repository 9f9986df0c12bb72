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
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the prelude of a connection until an inspection knows what it is, or, where the listener takes that, until nobody does: a
 * client that waits for the server sends nothing at all. The bytes are kept, to be replayed. Confined to the flow's loop.
 */
final class PreludeReader implements StreamEvents, Cancellable {
    private final Stream downstream;
    private final LiveFlow flow;
    private final Inspection inspection;
    private final Callback callback;
    private final KeptBytes bytes;
    private Cancellable deadline = TcpFlow.NOTHING_UNDER_WAY;
    private boolean takesRest;
    private boolean over;

    /** Called once, with the result. The reader has no interest in events any more. */
    interface Callback {
        /** The bytes are what they should be. */
        void recognised(Prelude prelude);

        /** They are nobody's, or there are none, and the listener takes that. */
        void unrecognised();

        /** They are not what they should be, and the listener does not take that. */
        void refused(Verdict.No no);

        /** They did not come, or there is no room for them. */
        void failed(CloseReason reason);
    }

    /**
     * Makes a reader that has not begun.
     *
     * @param bytes where the prelude is kept; some of it may be there already
     */
    PreludeReader(Stream downstream, LiveFlow flow, KeptBytes bytes, Inspection inspection, Callback callback) {
        this.downstream = downstream;
        this.flow = flow;
        this.inspection = inspection;
        this.callback = callback;
        this.bytes = bytes;
    }

    /**
     * Starts; bytes that are there are judged before this returns.
     *
     * @param peek from now to the verdict, however the bytes arrive
     * @param silence how long the client may send nothing, where the listener takes what nobody recognises
     */
    void start(Duration peek, Optional<Duration> silence) {
        takesRest = silence.isPresent();
        downstream.events(this);
        downstream.interest(true, false);
        if (bytes.size() > 0) {
            judge();
            await(peek);
        } else {
            Duration first = silence.filter(limit -> limit.compareTo(peek) < 0).orElse(peek);
            deadline = flow.after(first, () -> silent(peek.minus(first)));
        }
    }

    private void silent(Duration rest) {
        if (bytes.size() == 0) {
            outOfTime();
        } else {
            await(rest);
        }
    }

    private void await(Duration rest) {
        if (!over) {
            deadline = flow.after(rest, this::outOfTime);
        }
    }

    /** A protocol that nobody knows may be slow, or one that some inspector would know after all; what some inspector found flawed is neither. */
    private void outOfTime() {
        if (over) {
            return;
        }
        if (takesRest && RivalInspections.unclaimed(inspection)) {
            giveUp();
        } else {
            fail(CloseReason.PEEK_TIMEOUT);
        }
    }

    @Override
    public void readable(Stream stream) {
        if (over) {
            return;
        }
        int read = bytes.read(downstream, Inspection.MAX_BYTES);
        if (read < 0) {
            fail(CloseReason.CLOSED_DURING_PEEK);
        } else if (read > 0) {
            judge();
        }
    }

    private void judge() {
        switch (inspection.inspect(bytes.view())) {
            case Verdict.Recognised match -> {
                cancel();
                callback.recognised(match.prelude());
            }
            case Verdict.No no -> refuse(no);
            case Verdict.More more -> {
                if (bytes.size() == Inspection.MAX_BYTES) {
                    fail(CloseReason.HELLO_MALFORMED);
                } else if (!bytes.fit()) {
                    fail(CloseReason.BUFFERS_FULL);
                }
            }
        }
    }

    /** What is flawed, or was not looked at for a defect, is refused wherever it is: a parse failure is not the absence of a protocol. */
    private void refuse(Verdict.No no) {
        if (takesRest && !no.flawed()) {
            giveUp();
        } else {
            cancel();
            callback.refused(no);
        }
    }

    private void giveUp() {
        cancel();
        callback.unrecognised();
    }

    private void fail(CloseReason reason) {
        cancel();
        callback.failed(reason);
    }

    /** Ends it without a callback. */
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
        // Nothing is written while the prelude is read.
    }
}
