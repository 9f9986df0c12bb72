// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;

/**
 * What holds for the sessions of a rule for UDP; of a rule for another protocol it has no meaning. A session is what one client, by address
 * and port, sends to one local address and port, and what it is answered.
 *
 * @param mode what a target is picked for
 * @param responses answers that each datagram of a client gets, with {@link Mode#RESPONSES}; 1 to {@value #MOST_RESPONSES}
 * @param idle how long a session may be silent both ways before it is over
 * @param caps how many sessions there may be
 * @param amplification how many times the bytes that a client has sent it may be answered, until it has sent a second time; 1 to
 *     {@value #MOST_AMPLIFICATION}, 0 for no limit
 */
public record Datagrams(Mode mode, int responses, Duration idle, Caps caps, int amplification) {
    /** Most answers that a datagram may have. */
    public static final int MOST_RESPONSES = 1000;
    /** Largest limit of what an address that may be somebody else's is answered. */
    public static final int MOST_AMPLIFICATION = 1000;
    /** Nothing is set. Mappings that are shorter than two minutes break what users run (RFC 4787 REQ-5). */
    public static final Datagrams DEFAULT = new Datagrams(Mode.SESSION, 1, Duration.ofMinutes(2), Caps.DEFAULT, 0);

    /** What a target is picked for. */
    public enum Mode {
        /** For a session: it stays with its target. */
        SESSION("session"),
        /** For each datagram, which need not be answered, as of syslog (RFC 5426). */
        DATAGRAM("datagram"),
        /** For a session that is over once each of its datagrams has had its answers, as of DNS: what is asked next may go to another target. */
        RESPONSES("responses");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        /** As files and surfaces have it. */
        public String text() {
            return text;
        }
    }

    /**
     * How many sessions a rule may have at once.
     *
     * @param sessions of all clients, 1 to {@value #MOST_SESSIONS}
     * @param perSource of one IPv4 address, or of one /64 of IPv6; 1 to {@value #MOST_SESSIONS}, 0 for no limit of its own
     * @param evicts whether the session that has been silent longest gives way to one more than that
     */
    public record Caps(int sessions, int perSource, boolean evicts) {
        /** Most sessions that a rule may ask for. */
        public static final int MOST_SESSIONS = 65_535;
        /** Nothing is set. */
        public static final Caps DEFAULT = new Caps(1024, 0, false);

        /** As many sessions of all clients, and nothing else. */
        public static Caps of(int sessions) {
            return new Caps(sessions, 0, false);
        }
    }

    /** The same with other caps. */
    public Datagrams with(Caps others) {
        return new Datagrams(mode, responses, idle, others, amplification);
    }

    /** The same with another time of silence. */
    public Datagrams with(Duration other) {
        return new Datagrams(mode, responses, other, caps, amplification);
    }

    /** The same with another mode. */
    public Datagrams with(Mode other) {
        return new Datagrams(other, responses, idle, caps, amplification);
    }
}
