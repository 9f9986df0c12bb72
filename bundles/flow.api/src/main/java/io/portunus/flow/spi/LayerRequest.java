// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Target;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * What a handler asks to have wrapped.
 *
 * @param kind kind of the layer, as the rule names it
 * @param below the flow's stream; nobody else reads, writes or watches it from now on
 * @param received what the handler has read of it before, for routing: the layer reads it first. It is the handler's again when
 *     {@link SecureListener#taken} is called, or the flow is closed
 * @param limit how long the handshake may take
 * @param target the target that the stream leads to; empty for the client's side
 */
public record LayerRequest(String kind, Stream below, ByteBuffer received, Duration limit, Optional<Target> target) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The client's side. */
    public static LayerRequest downstream(String kind, Stream below, ByteBuffer received, Duration limit) {
        return new LayerRequest(kind, below, received, limit, Optional.empty());
    }

    /** The target's side, of which nothing was read. */
    public static LayerRequest upstream(String kind, Stream below, Target target, Duration limit) {
        return new LayerRequest(kind, below, NOTHING.duplicate(), limit, Optional.of(target));
    }
}
