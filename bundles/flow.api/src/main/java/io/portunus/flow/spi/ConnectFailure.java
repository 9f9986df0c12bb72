// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;

/**
 * Why a connection could not be made. A transport makes it where the system answers, and every transport makes the same of the same answer;
 * whoever decides looks at the cause. Immutable.
 *
 * @param cause what it comes to
 * @param text what the system said, for people only
 */
public record ConnectFailure(Cause cause, String text) {
    /** Nobody listens there. */
    public static final ConnectFailure REFUSED = new ConnectFailure(Cause.REFUSED, "Connection refused");

    /** What a failure comes to, with the errno of connect(2) and bind(2) where those have one. */
    public enum Cause {
        /** Nobody listens there: ECONNREFUSED. */
        REFUSED,
        /** There is no way there: ENETUNREACH, EHOSTUNREACH, ENETDOWN, or a family that this machine does not have. */
        UNREACHABLE,
        /** The system gave up waiting for an answer: ETIMEDOUT. */
        TIMED_OUT,
        /** No local port is left: EADDRNOTAVAIL or EADDRINUSE without an address to come from, EADDRINUSE with one. */
        NO_PORT,
        /** The process, or the system, has as many descriptors open as it may have: EMFILE, ENFILE. */
        NO_DESCRIPTOR,
        /** The address to come from is not this machine's: EADDRNOTAVAIL. */
        NOT_OURS,
        /** The system does not let this process connect there: EACCES. */
        NOT_PERMITTED,
        /** Anything else; the text has its name. */
        OTHER
    }

    /**
     * For transports on the JDK's channels: what their exception comes to.
     *
     * @param fromAddress whether there was an address to come from
     */
    public static ConnectFailure of(IOException thrown, boolean fromAddress) {
        Cause cause = switch (ChannelError.of(thrown)) {
            case REFUSED -> Cause.REFUSED;
            case UNREACHABLE -> Cause.UNREACHABLE;
            case TIMED_OUT -> Cause.TIMED_OUT;
            case IN_USE -> Cause.NO_PORT;
            case NOT_AVAILABLE -> fromAddress ? Cause.NOT_OURS : Cause.NO_PORT;
            case NO_DESCRIPTOR -> Cause.NO_DESCRIPTOR;
            case NOT_PERMITTED -> Cause.NOT_PERMITTED;
            case TOO_LONG, OTHER -> Cause.OTHER;
        };
        return new ConnectFailure(cause, ChannelError.text(thrown));
    }
}
