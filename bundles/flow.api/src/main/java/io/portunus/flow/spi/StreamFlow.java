// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A flow between two streams: its entry, what it asks for, and what only streams need. Its streams, the accepted one as well as those it is
 * given here, are guarded: what their callbacks throw ends the flow, as {@link LiveFlow} states. Confined to the flow's loop.
 */
@ProviderType
public interface StreamFlow extends LiveFlow, FlowServices {
    /**
     * Connects to an endpoint on the flow's loop. The stream is the handler's, and is reset with the flow should the handler fail.
     */
    Cancellable connect(ConnectSpec endpoint, ConnectListener done);

    /**
     * Begins to wrap one of its streams by the layer that serves this flow; the layer counts as in use until the flow is closed. Once it is
     * secured, the stream above is the handler's and the one below the layer's: nothing is asked of that any more. What calls it off leaves the
     * stream below open and without anybody who watches.
     *
     * @return empty when no layer of the kind is running
     */
    Optional<Cancellable> secure(LayerRequest request, SecureListener done);
}
