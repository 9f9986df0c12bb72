// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which first bytes are no connection request of RDP. */
enum RdpFlaw {
    NOT_RDP(CloseReason.NOT_RECOGNISED, "the first bytes are no connection request of X.224"),
    /** ISO on TCP carries other protocols too, as those of controllers; their requests go on with numbered parameters. */
    OTHER_ISO(CloseReason.NOT_RECOGNISED, "the connection request of X.224 is not one of RDP"),
    FORM(CloseReason.HELLO_MALFORMED, "the cookie or the negotiation of the RDP request does not end where it should");

    private final CloseReason reason;
    private final String phrase;

    RdpFlaw(CloseReason reason, String phrase) {
        this.reason = reason;
        this.phrase = phrase;
    }

    Verdict verdict() {
        return new Verdict.No(reason, phrase);
    }
}
