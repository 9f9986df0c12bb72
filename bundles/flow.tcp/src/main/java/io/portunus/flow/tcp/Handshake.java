// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LayerFacts;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import java.time.Duration;
import java.util.Optional;

/** Has one side of a flow wrapped by the layer that its rule names. Confined to the flow's loop. */
final class Handshake implements SecureListener, Cancellable {
    /** How long it may take; on the target's side what is left of the time for connecting, if that is less. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final Runnable taken;
    private final Callback callback;
    private Cancellable underWay = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /** Called once, with the result. */
    interface Callback {
        /** This one takes the place of the stream. */
        void secured(Stream above);

        /** It did not come to that; nobody watches the stream any more. */
        void failed(CloseReason reason);
    }

    /**
     * Makes one that has not begun.
     *
     * @param taken run once the layer has read what was read of the stream before it, if anything was
     */
    Handshake(Runnable taken, Callback callback) {
        this.taken = taken;
        this.callback = callback;
    }

    void begin(StreamFlow flow, LayerRequest request) {
        Optional<Cancellable> begun = flow.secure(request, this);
        if (begun.isEmpty()) {
            failed(CloseReason.NO_HANDLER);
        } else if (!over) {
            underWay = begun.get();
        }
    }

    @Override
    public void taken() {
        taken.run();
    }

    @Override
    public void secured(Stream above, LayerFacts facts) {
        over = true;
        callback.secured(above);
    }

    @Override
    public void failed(CloseReason reason) {
        over = true;
        callback.failed(reason);
    }

    /** Ends it without a callback. */
    @Override
    public void cancel() {
        if (!over) {
            over = true;
            underWay.cancel();
        }
    }
}
