// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import org.osgi.annotation.versioning.ConsumerType;

/** Called with the result of a handshake, on the flow's loop, maybe before the call that began it returns; nothing once it was called off. */
@ConsumerType
public interface SecureListener {
    /** The layer has read all that was read before it; called once, before or after the others, and not where nothing was. */
    void taken();

    /** The handshake is done, and this stream takes the place of the one below. Called once, unless it failed. */
    void secured(Stream above, LayerFacts facts);

    /** It is not done, and will not be; the stream below is the handler's again, as the layer left it. Called once, unless it is done. */
    void failed(CloseReason reason);
}
