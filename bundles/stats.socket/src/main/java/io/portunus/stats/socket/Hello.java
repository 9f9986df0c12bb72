// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The line that begins a conversation, and comes again when a rule or the refresh time has changed. Immutable.
 *
 * @param v version of the protocol
 * @param daemonVersion version of the distribution
 * @param daemonStartedAtMs when the process started, milliseconds since 1970
 * @param refreshMs milliseconds between two snapshots
 * @param rules all rules
 */
record Hello(int v, String daemonVersion, long daemonStartedAtMs, long refreshMs, List<RuleLine> rules) {
    /** What this class speaks. */
    static final int PROTOCOL = 1;

    Hello {
        rules = List.copyOf(rules);
    }

    /**
     * A rule. The first seven members are the predecessor's, in its shape; what follows is ours.
     *
     * @param id id, the decimal digits of an unsigned number of 64 bits
     * @param name unique name
     * @param proto {@code "tcp"} or {@code "udp"}
     * @param listen ports alone, {@code "443"}, {@code "8000-8010"}; several are parted by commas
     * @param targets where it goes
     * @param spliceCapable whether bulk may move without a copy through the process
     * @param udpMaxFlows most flows of a rule that has UDP; null for one of TCP only
     * @param enabled whether it holds its ports
     * @param listeners addresses and ports, {@code "*:443"}, {@code "[2001:db8::1]:8000-8010"}
     * @param match what a connection must be, {@code "tls *.example.com"}; empty when every connection is taken
     */
    record RuleLine(String id, String name, String proto, String listen, List<TargetLine> targets, boolean spliceCapable,
            Optional<Long> udpMaxFlows, boolean enabled, List<String> listeners, String match) {
        RuleLine {
            listeners = List.copyOf(listeners);
            targets = List.copyOf(targets);
        }

        static RuleLine of(Rule rule, boolean spliceCapable) {
            String address = rule.bind().map(IpLiterals::text).map(Hello::bracketed).orElse("*");
            return new RuleLine(rule.idText(), rule.name(), rule.protocols().code(),
                rule.listen().stream().map(PortRange::toString).collect(Collectors.joining(",")),
                rule.targets().targets().stream().map(TargetLine::of).toList(),
                spliceCapable && rule.protocols().has(Protocol.TCP), sessions(rule), rule.enabled(),
                rule.listen().stream().map(ports -> address + ":" + ports).toList(), text(rule.match()));
        }

        private static Optional<Long> sessions(Rule rule) {
            return rule.protocols().has(Protocol.UDP) ? Optional.of((long) rule.datagrams().caps().sessions()) : Optional.empty();
        }

        private static String text(Match match) {
            return match.kind().map(kind -> match.name().map(name -> kind + " " + name).orElse(kind)).orElse("");
        }
    }

    /**
     * A target. The first four members are the predecessor's.
     *
     * @param host name or address, one of IPv6 in brackets, or a service, {@code "_postgres._tcp.db.example"}
     * @param port its port, the first of a range; 0 for those that a service names
     * @param priority its priority
     * @param proxyProtocol {@code "v1"}, {@code "v2"} or null
     * @param ports one port or a range, {@code "9000-9010"}; empty for those that a service names
     * @param weight its weight
     */
    record TargetLine(String host, int port, int priority, Optional<String> proxyProtocol, String ports, int weight) {
        static TargetLine of(Target target) {
            Optional<PortRange> ports = target.address() instanceof TargetAddress.Host(String _, PortRange its) ? Optional.of(its) : Optional.empty();
            return new TargetLine(bracketed(target.address().name()), ports.map(PortRange::first).orElse(0), target.priority(),
                target.proxy().map(ProxyHeader::version).map(version -> version.name().toLowerCase(Locale.ROOT)),
                ports.map(PortRange::toString).orElse(""), target.weight());
        }
    }

    private static String bracketed(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }
}
