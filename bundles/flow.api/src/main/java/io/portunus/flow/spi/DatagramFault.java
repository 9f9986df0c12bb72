// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;

/** What a connected datagram socket has learnt of its peer, or of what it was to send. */
public enum DatagramFault {
    /** Nobody listens there (ICMP port unreachable; ECONNREFUSED of connect(2)). */
    REFUSED,
    /** There is no way there (ICMP host or network unreachable; EHOSTUNREACH, ENETUNREACH). */
    UNREACHABLE,
    /** A datagram was longer than the way there takes (EMSGSIZE, ip(7)); it was not sent. */
    TOO_LONG,
    /** Something else; the socket goes on. */
    OTHER;

    /** For transports on the JDK's channels: what their exception comes to. */
    public static DatagramFault of(IOException thrown) {
        return switch (ChannelError.of(thrown)) {
            case REFUSED -> REFUSED;
            case UNREACHABLE -> UNREACHABLE;
            case TOO_LONG -> TOO_LONG;
            case TIMED_OUT, IN_USE, NOT_AVAILABLE, NO_DESCRIPTOR, NOT_PERMITTED, OTHER -> OTHER;
        };
    }
}
