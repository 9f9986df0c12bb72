// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.spi.Verdict;

/** Everything for which a prelude is no packet of PostgreSQL. */
enum PostgresFlaw {
    NOT_POSTGRES(Verdict.foreign("the first bytes are no length of a PostgreSQL packet")),
    CODE(Verdict.foreign("the first bytes ask for no protocol and no request of PostgreSQL")),
    /** Only now it is known what length the packet has to have. */
    LENGTH(Verdict.flawed("the length of the PostgreSQL packet is not that of its request"));

    private final Verdict verdict;

    PostgresFlaw(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
