// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** The look into one connection. Confined to its loop; may remember how far it got, so that each byte is looked at once. */
@ConsumerType
public interface Inspection {
    /** Longest prelude an inspection may ask for, in bytes. */
    int MAX_BYTES = 64 * 1024;

    /**
     * Looks at all bytes received so far.
     *
     * @param bytes from position 0, the first byte of the connection, to the limit; the same bytes as at the last call, and more. It must
     *     leave position and limit alone and keep no reference.
     */
    Verdict inspect(ByteBuffer bytes);

    /**
     * What to write to the peer before a refusal, in its own protocol.
     *
     * @param reason why it is refused: what a {@link Verdict} of its own said, a policy, routing, or the time; one it does not know has no word
     * @return bytes to send, none when the protocol has no word for it or the peer would not understand it
     */
    byte[] refusal(CloseReason reason);
}
