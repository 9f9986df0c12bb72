// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Optional;

/**
 * One of the places where the bytes of a rule may go.
 *
 * @param address host, and one port or as many as the rule listens on; or a service
 * @param priority targets with the lowest number are used while one of them is healthy; 0 to 99
 * @param weight share among the targets of one priority, 1 to 256
 * @param maxConnections most live connections; 0 for no ceiling
 * @param proxy the PROXY header that it requires in front of each connection, if any
 * @param drained whether it gets no new connections; it keeps those it has
 */
public record Target(TargetAddress address, int priority, int weight, int maxConnections, Optional<ProxyHeader> proxy, boolean drained) {
    /** A target like any other. */
    public static Target of(TargetAddress address) {
        return new Target(address, 0, 1, 0, Optional.empty(), false);
    }

    /** The same target for one of the ports that the rule listens on. */
    public Target forPort(int port) {
        return new Target(address.forPort(port), priority, weight, maxConnections, proxy, drained);
    }

    /** Its address as operators write it. */
    @Override
    public String toString() {
        return address.toString();
    }
}
