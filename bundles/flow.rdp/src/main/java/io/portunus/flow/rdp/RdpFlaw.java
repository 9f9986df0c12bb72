// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import io.portunus.flow.spi.Verdict;

/** Everything for which a prelude is no connection request of RDP. */
enum RdpFlaw {
    NOT_RDP(Verdict.foreign("the first bytes are no connection request of X.224")),
    /** ISO on TCP carries other protocols too, as those of controllers; their requests go on with numbered parameters. */
    OTHER_ISO(Verdict.foreign("the connection request of X.224 is not one of RDP")),
    FORM(Verdict.flawed("the cookie or the negotiation of the RDP request does not end where it should"));

    private final Verdict verdict;

    RdpFlaw(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
