// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What a layer has of the flow whose stream it wraps. Confined to the flow's loop, but for {@link #run}. */
@ProviderType
public interface LayerHost {
    /** The stream to wrap. Its events are guarded: what they throw is the layer's. */
    Stream below();

    /** The route of the flow; a certificate may depend on its rule. */
    Route route();

    /** What was seen of the client's prelude, and what the route was chosen by. */
    Prelude prelude();

    /** The target that the stream leads to; empty on the client's side, where the layer is the one that is asked. */
    Optional<Target> target();

    /** What was settled with the client; empty on its side, and where nothing was. */
    Optional<LayerFacts> downstream();

    /** Runs a step of the layer on the loop: now when called there, else soon; not at all once the flow is closed. Callable from any thread. */
    void run(Runnable step);

    /** Runs a step of the layer a round later. */
    void later(Runnable step);

    /** Runs a step of the layer after the delay, unless it is cancelled or the flow is closed before. */
    Cancellable after(Duration delay, Runnable step);

    /**
     * Reports that the layer holds so many bytes more, or fewer; of the budget that all flows share, given back with the flow at the latest. While
     * the flow has no target it may have to give way to others for it, as for what its client sent ({@link FlowServices#keep}).
     */
    void held(int more);

    /**
     * The handshake is done.
     *
     * @param above what takes the place of the stream below
     */
    void secured(Stream above, LayerFacts facts);

    /**
     * The handshake has failed. What the layer has for the peer to read, such as an alert, was written before.
     *
     * @param reason why; {@link CloseReason#SECURE_FAILED} or one of its own
     */
    void failed(CloseReason reason);
}
