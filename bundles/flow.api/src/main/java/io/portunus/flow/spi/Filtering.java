// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/** The look at what stands before one client's own bytes. Confined to its loop. */
@ConsumerType
public interface Filtering {
    /** Most bytes that may stand there. */
    int MAX_BYTES = 4096;

    /**
     * Looks at all bytes received so far.
     *
     * @param bytes from position 0 to the limit; the same bytes as at the last call, and more. It must leave position and limit alone and
     *     keep no reference.
     */
    Outcome filter(ByteBuffer bytes);

    /** Why the connection ends when what should stand there did not come in time; filters have reasons of their own for it. */
    default CloseReason late() {
        return CloseReason.PEEK_TIMEOUT;
    }

    /** Why it ends when {@value #MAX_BYTES} bytes are there and more would be needed. */
    default CloseReason tooLong() {
        return CloseReason.HELLO_MALFORMED;
    }

    /** What it says of the bytes so far. */
    sealed interface Outcome {
        /** More bytes are needed. */
        Outcome MORE = new More();

        /** More bytes are needed. */
        record More() implements Outcome {
        }

        /**
         * It is complete.
         *
         * @param length bytes that are taken away
         * @param origin what they told
         */
        record Told(int length, ToldOrigin origin) implements Outcome {
        }

        /**
         * It is not what it has to be, and the connection is refused.
         *
         * @param reason why, mostly one of the filter's own
         * @param detail what is wrong, a fixed phrase that carries no byte of the peer
         */
        record No(CloseReason reason, String detail) implements Outcome {
            /** Checks that there is a reason: filters come from everywhere. */
            public No {
                Objects.requireNonNull(reason, "a reason");
            }
        }
    }
}
