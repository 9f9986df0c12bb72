// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** The look at what stands before one client's own bytes, in a connection or in one datagram. Confined to its loop. */
@ConsumerType
public interface Filtering {
    /** Most bytes that may stand there. */
    int MAX_BYTES = 4096;

    /**
     * Looks at all bytes received so far; of a datagram, once at all of it.
     *
     * @param bytes from position 0 to the limit; the same bytes as at the last call, and more. It must leave position and limit alone and
     *     keep no reference.
     */
    FilterVerdict filter(ByteBuffer bytes);

    /** Why the connection ends when what should stand there did not come in time; filters have reasons of their own for it. */
    default CloseReason late() {
        return CloseReason.PEEK_TIMEOUT;
    }

    /** Why it ends when {@value #MAX_BYTES} bytes are there and more would be needed, or a datagram does not have all that is. */
    default CloseReason tooLong() {
        return CloseReason.HELLO_MALFORMED;
    }
}
