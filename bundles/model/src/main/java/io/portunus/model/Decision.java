// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/** Where a connection goes, or why nowhere. */
public sealed interface Decision {
    /**
     * It goes to the route's target.
     *
     * @param route the entry that matched
     */
    record Routed(Route route) implements Decision {
    }

    /**
     * It is refused.
     *
     * @param reason why
     */
    record Refused(Refusal reason) implements Decision {
    }

    /** Why a connection is refused by routing. */
    enum Refusal {
        /** The listener routes by name, no name matches, and there is no fallback. */
        NO_MATCHING_NAME,
        /** The listener routes by name, the client named none, and there is no fallback. */
        NO_NAME,
        /** The listener routes by name and the connection is not TLS. */
        NOT_TLS,
        /** The listener routes by protocol, and it is none of those that its rules want. */
        NOT_RECOGNISED,
        /** Rules of the listener would take it, but not from this client. */
        SOURCE_DENIED,
        /** A rule of the listener may want it, but nobody who runs recognises the rule's protocol. */
        NO_HANDLER,
        /** No rule listens there. */
        NO_LISTENER
    }
}
