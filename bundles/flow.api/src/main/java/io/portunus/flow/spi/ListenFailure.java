// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;

/**
 * Why an address could not be listened on. Every transport makes the same of the same answer of the system; whoever decides looks at the cause.
 * Immutable.
 *
 * @param cause what it comes to
 * @param text what the system said, for people only
 */
public record ListenFailure(Cause cause, String text) {
    /** What a failure comes to, with the errno of bind(2) and listen(2). */
    public enum Cause {
        /** Somebody listens there, or has the port for a connection: EADDRINUSE. */
        IN_USE,
        /** No interface of this machine has the address now: EADDRNOTAVAIL. */
        NOT_HERE,
        /** The system does not let this process have the port: EACCES. */
        NOT_PERMITTED,
        /** The process, or the system, has as many descriptors open as it may have: EMFILE, ENFILE. */
        NO_DESCRIPTOR,
        /** Anything else; the text has its name. */
        OTHER
    }

    /** What an exception of the JDK's channels and sockets comes to. */
    public static ListenFailure of(IOException thrown) {
        Cause cause = switch (ChannelError.of(thrown)) {
            case IN_USE -> Cause.IN_USE;
            case NOT_AVAILABLE -> Cause.NOT_HERE;
            case NOT_PERMITTED -> Cause.NOT_PERMITTED;
            case NO_DESCRIPTOR -> Cause.NO_DESCRIPTOR;
            case REFUSED, UNREACHABLE, TIMED_OUT, TOO_LONG, OTHER -> Cause.OTHER;
        };
        return new ListenFailure(cause, ChannelError.text(thrown));
    }
}
