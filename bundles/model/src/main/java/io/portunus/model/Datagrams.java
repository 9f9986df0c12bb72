// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;

/**
 * What holds for the sessions of a rule for UDP; of a rule for another protocol it has no meaning. A session is what one client, by address
 * and port, sends to one local address and port, and what it is answered.
 *
 * @param maxSessions sessions that may be open at once, 1 to {@value #MOST_SESSIONS}
 * @param idle how long a session may be silent both ways before it is over
 */
public record Datagrams(int maxSessions, Duration idle) {
    /** Most sessions that a rule may ask for. */
    public static final int MOST_SESSIONS = 65_535;
    /** Nothing is set. Mappings that are shorter than two minutes break what users run (RFC 4787 REQ-5). */
    public static final Datagrams DEFAULT = new Datagrams(1024, Duration.ofMinutes(2));
}
