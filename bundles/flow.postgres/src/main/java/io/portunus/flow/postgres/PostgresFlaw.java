// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which first bytes are no packet of PostgreSQL. */
enum PostgresFlaw {
    NOT_POSTGRES(CloseReason.NOT_RECOGNISED, "the first bytes are no length of a PostgreSQL packet"),
    CODE(CloseReason.NOT_RECOGNISED, "the first bytes ask for no protocol and no request of PostgreSQL"),
    /** Only now it is known what length the packet has to have. */
    LENGTH(CloseReason.HELLO_MALFORMED, "the length of the PostgreSQL packet is not that of its request");

    private final CloseReason reason;
    private final String phrase;

    PostgresFlaw(CloseReason reason, String phrase) {
        this.reason = reason;
        this.phrase = phrase;
    }

    Verdict verdict() {
        return new Verdict.No(reason, phrase);
    }
}
