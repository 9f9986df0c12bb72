// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

/** Why a datagram of a rule was not forwarded. */
public enum DatagramDrop {
    /** The rule has as many sessions as it may have, and the datagram would have begun another. */
    OVERFLOW("overflow"),
    /** Its source has as many sessions of the rule as it may have, and the datagram would have begun another. */
    SOURCE_OVERFLOW("source_overflow"),
    /** Its client has sent once only, and would be answered with more than it may be then: its address may be somebody else's. */
    AMPLIFICATION("amplification"),
    /** The session has no target yet, and as many datagrams wait for it as may. */
    PENDING("pending"),
    /** It was longer than the way to its receiver takes (EMSGSIZE, ip(7)). */
    TOO_LONG("too_long"),
    /** It was longer than there was room for when it was received, and what came was not whole. */
    TRUNCATED("truncated"),
    /** The target's socket had no room. */
    NO_ROOM_IN("no_room_in"),
    /** The client's socket had no room. */
    NO_ROOM_OUT("no_room_out"),
    /** No policy grants as many bytes to the target. */
    LIMIT_IN("limit_in"),
    /** No policy grants as many bytes to the client. */
    LIMIT_OUT("limit_out");

    private final String code;

    DatagramDrop(String code) {
        this.code = code;
    }

    /** As surfaces and metrics show it. */
    public String code() {
        return code;
    }
}
