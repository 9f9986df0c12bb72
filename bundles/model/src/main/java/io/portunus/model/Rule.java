// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an operator wants: these ports, of this name, go to that target.
 *
 * @param id stable number of the rule, used as the metric label {@code rule}; unsigned
 * @param name unique name
 * @param description free text, may be empty
 * @param enabled a rule that is not enabled holds no port
 * @param bind local address to listen on; empty means every address, IPv4 and IPv6
 * @param listen ports, at least one range, in the order written
 * @param sni only TLS connections that ask for this name; empty means every connection, or, on a port that other rules share by name,
 *     the TLS connections that no name matches
 * @param target where the bytes go
 * @param preferIpv6 try the IPv6 addresses of a named target first
 */
public record Rule(long id, String name, String description, boolean enabled, Optional<InetAddress> bind, List<PortRange> listen,
        Optional<HostPattern> sni, TargetAddress target, boolean preferIpv6) {
    /** Copies the list. */
    public Rule {
        listen = List.copyOf(listen);
    }

    /** How many ports the rule listens on. */
    public int listenWidth() {
        return listen.stream().mapToInt(PortRange::width).sum();
    }

    /** The id as operators see it: unsigned decimal. */
    public String idText() {
        return Long.toUnsignedString(id);
    }

    /**
     * The target of one listen port: the single target port, or the port at the same place of the target's range.
     *
     * @throws IllegalArgumentException if the rule does not listen on the port
     */
    public TargetAddress targetFor(int listenPort) {
        int offset = 0;
        for (PortRange range : listen) {
            if (range.contains(listenPort)) {
                int width = target.ports().width();
                return target.withPort(width == 1 ? target.ports().first() : target.ports().first() + offset + listenPort - range.first());
            }
            offset += range.width();
        }
        throw new IllegalArgumentException("rule " + name + " does not listen on port " + listenPort);
    }
}
