// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Prelude;
import java.util.Objects;

/** The verdict of an inspection on the bytes so far. */
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
    record Recognised(Prelude prelude) implements Verdict {
    }

    /**
     * It is not. Bytes of another protocol may be recognised by another inspection, or be taken by a listener that takes what nobody recognises;
     * where neither is so, the connection is refused. Flawed ones are refused unless another inspection recognises them.
     *
     * @param reason why the connection is refused, if it is: one of {@link CloseReason}, or one of the inspector's own
     * @param flawed whether the bytes are of its protocol and not as that has to be; else they are of another protocol
     * @param detail what is wrong, a fixed phrase that carries no byte of the peer
     */
    record No(CloseReason reason, boolean flawed, String detail) implements Verdict {
        /** Checks that there is a reason: inspectors come from everywhere. */
        public No {
            Objects.requireNonNull(reason, "a reason");
        }
    }

    /** Of another protocol, for the reason that every inspector may give. */
    static Verdict foreign(String detail) {
        return foreign(CloseReason.NOT_RECOGNISED, detail);
    }

    /** Of another protocol. */
    static Verdict foreign(CloseReason reason, String detail) {
        return new No(reason, false, detail);
    }

    /** Of its protocol and flawed, for the reason that every inspector may give. */
    static Verdict flawed(String detail) {
        return flawed(CloseReason.HELLO_MALFORMED, detail);
    }

    /** Of its protocol and flawed. */
    static Verdict flawed(CloseReason reason, String detail) {
        return new No(reason, true, detail);
    }
}
