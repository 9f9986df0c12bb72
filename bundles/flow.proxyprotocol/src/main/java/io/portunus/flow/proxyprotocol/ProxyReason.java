// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import java.util.List;

/** Why connections of trusted peers end that have no good header in front. Stateless. */
final class ProxyReason {
    /** A header was required, and something else came. */
    static final CloseReason MISSING = new CloseReason("proxy_header_missing", CloseReason.Side.SELF,
        "A PROXY header was required, and something else came.");
    /** The header cannot be parsed. */
    static final CloseReason MALFORMED = new CloseReason("proxy_header_malformed", CloseReason.Side.SELF, "The PROXY header cannot be parsed.");
    /** The header did not come in time. */
    static final CloseReason LATE = new CloseReason("proxy_header_timeout", CloseReason.Side.SELF,
        "The PROXY header did not come within the time for it.");
    /** All of them. */
    static final List<CloseReason> ALL = List.of(MISSING, MALFORMED, LATE);

    private ProxyReason() {
    }
}
