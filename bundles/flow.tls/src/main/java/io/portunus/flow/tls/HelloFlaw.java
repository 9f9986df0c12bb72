// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.Verdict;

/** What is wrong with a hello, or with what carries it. Immutable. */
interface HelloFlaw {
    /** What it comes to. */
    Verdict verdict();

    /** The error that a QUIC client is refused with: one of RFC 9000 §20.1, {@link Alert#connectionError} where it is one of TLS. */
    int connectionError();
}
