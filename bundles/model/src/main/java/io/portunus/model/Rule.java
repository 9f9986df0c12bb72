// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.time.Duration;
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
 * @param match which connections of these ports it wants
 * @param target where the bytes go
 * @param preferIpv6 try the IPv6 addresses of a named target first
 * @param drain how long live connections may stay once the rule is gone
 */
public record Rule(long id, String name, String description, boolean enabled, Optional<InetAddress> bind, List<PortRange> listen,
        Match match, TargetAddress target, boolean preferIpv6, Duration drain) {
    /** Time for live connections when nothing else is said. */
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

    /** Copies the list. */
    public Rule {
        listen = List.copyOf(listen);
    }

    /** The name that a TLS client must ask for, if the rule wants one. */
    public Optional<HostPattern> sni() {
        return match.sni();
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
