// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;

/** What an inspection says of the bytes so far. */
public sealed interface Verdict {
    /** More bytes are needed. */
    Verdict MORE = new More();

    /** More bytes are needed. */
    record More() implements Verdict {
    }

    /**
     * It is what it should be.
     *
     * @param prelude what was learned
     */
    record Match(Prelude prelude) implements Verdict {
    }

    /**
     * It is not, and the connection has to be refused.
     *
     * @param reason {@link CloseReason#NOT_TLS}, {@link CloseReason#NOT_RECOGNISED} or {@link CloseReason#HELLO_MALFORMED}
     * @param detail what is wrong, a fixed phrase that carries no byte of the peer
     */
    record No(CloseReason reason, String detail) implements Verdict {
    }
}
