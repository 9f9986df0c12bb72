// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;

/**
 * How long the connections of a rule may take for what they do. Zero means no limit where a zero is allowed.
 *
 * @param peek the prelude until it is known what they are; of several rules on a port the longest counts
 * @param connectAttempt one address of a target to answer
 * @param connect all addresses and all targets together
 * @param idle no byte either way; zero allowed
 * @param halfClosed no byte either way, once one side has finished; zero allowed
 * @param lifetime from accept to close; zero allowed
 * @param drain live connections once the rule is gone; zero ends them at once
 */
public record Timeouts(Duration peek, Duration connectAttempt, Duration connect, Duration idle, Duration halfClosed, Duration lifetime,
        Duration drain) {
    /** Nothing is said. A peer that vanished is found by keepalive; one that is only silent may stay. */
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ZERO,
        Duration.ofMinutes(10), Duration.ZERO, Duration.ofSeconds(30));

    /** The same with another drain. */
    public Timeouts withDrain(Duration other) {
        return new Timeouts(peek, connectAttempt, connect, idle, halfClosed, lifetime, other);
    }
}
