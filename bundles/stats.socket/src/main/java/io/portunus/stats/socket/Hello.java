// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.model.IpLiterals;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

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
     * A rule.
     *
     * @param id id, unsigned 64 bits
     * @param name unique name
     * @param enabled whether it holds its ports
     * @param protocol {@code "tcp"}
     * @param listen address and ports, {@code "*:443"}, {@code "[2001:db8::1]:8000-8010"}
     * @param match what a connection must be, {@code "tls *.example.com"}; empty when every connection is taken
     * @param targets where it goes
     */
    record RuleLine(BigInteger id, String name, boolean enabled, String protocol, List<String> listen, String match, List<TargetLine> targets) {
        RuleLine {
            listen = List.copyOf(listen);
            targets = List.copyOf(targets);
        }

        static RuleLine of(Rule rule) {
            String address = rule.bind().map(IpLiterals::text).map(text -> text.indexOf(':') < 0 ? text : "[" + text + "]").orElse("*");
            return new RuleLine(new BigInteger(rule.idText()), rule.name(), rule.enabled(), "tcp",
                rule.listen().stream().map(ports -> address + ":" + ports).toList(), text(rule.match()),
                rule.targets().targets().stream().map(TargetLine::of).toList());
        }

        private static String text(Match match) {
            return match.kind().map(kind -> match.name().map(name -> kind + " " + name).orElse(kind)).orElse("");
        }
    }

    /**
     * A target.
     *
     * @param host name or address, without brackets, or a service, {@code "_postgres._tcp.db.example"}
     * @param ports one port or a range, {@code "9000-9010"}; empty for those that a service names
     * @param priority its priority
     * @param weight its weight
     * @param proxyProtocol {@code "v1"}, {@code "v2"} or {@code "none"}
     */
    record TargetLine(String host, String ports, int priority, int weight, String proxyProtocol) {
        static TargetLine of(Target target) {
            String ports = target.address() instanceof TargetAddress.Host(String _, PortRange its) ? its.toString() : "";
            return new TargetLine(target.address().name(), ports, target.priority(), target.weight(),
                target.proxy().map(ProxyHeader::version).map(version -> version.name().toLowerCase(Locale.ROOT)).orElse("none"));
        }
    }
}
