// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import java.util.Objects;

/** What a {@link Filtering} makes of the bytes so far. Immutable. */
public sealed interface FilterVerdict {
    /** More bytes are needed. */
    FilterVerdict MORE = new More();

    /** More bytes are needed. */
    record More() implements FilterVerdict {
    }

    /**
     * A complete header.
     *
     * @param length its bytes, which are taken away
     * @param origin what it declares
     */
    record Header(int length, DeclaredOrigin origin) implements FilterVerdict {
    }

    /**
     * It is not what it has to be, and the connection is refused.
     *
     * @param reason why, mostly one of the filter's own
     * @param detail what is wrong, a fixed phrase that carries no byte of the peer
     */
    record No(CloseReason reason, String detail) implements FilterVerdict {
        /** Checks that there is a reason: filters come from everywhere. */
        public No {
            Objects.requireNonNull(reason, "a reason");
        }
    }
}
