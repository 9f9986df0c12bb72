// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.Decision.Routed;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules that forward to listeners of their own node so that a connection comes back to where it was: by itself it would take every
 * connection that the node may have. To forward to <em>another</em> listener is a chain, which is legitimate. Where a connection goes is
 * asked of the table, with what a connection of the rule would look like; names as targets, and addresses of the machine that no rule binds,
 * are left to the engine, which meets them. Run on rules without other problems. Confined to one thread.
 */
final class LoopChecks {
    private static final String LOCALHOST = "localhost";
    private static final List<InetAddress> LOOPBACKS = Stream.of("127.0.0.1", "::1").flatMap(text -> IpLiterals.parse(text).stream()).toList();
    /** In front of a wildcard's parent, for a name that no rule has by itself. */
    private static final String ANY_LABEL = "a-name-of-nobody.";

    private final Findings findings;
    private final IdentityHashMap<Rule, Integer> places = new IdentityHashMap<>();
    private final Set<Set<Integer>> reported = new HashSet<>();
    private Set<Step> seen = new HashSet<>();

    LoopChecks(Findings findings) {
        this.findings = findings;
        findings.rules().forEach(rule -> places.put(rule, places.size()));
    }

    /** A rule on one of its ports. */
    private record Step(int place, Protocol protocol, int port) {
    }

    /** The same, with the target that is tried there. */
    private record Try(Step at, int target) {
    }

    /** One of the node's own sockets that a target may be. */
    private record Reached(Listener listener, InetAddress address) {
    }

    void run() {
        BitSet ports = new BitSet();
        findings.rules().stream().filter(Rule::enabled).flatMap(rule -> rule.listen().stream())
            .forEach(range -> ports.set(range.first(), range.last() + 1));
        if (findings.rules().stream().noneMatch(rule -> rule.enabled() && comesBack(rule, ports))) {
            return;
        }
        ForwardingTable table = ForwardingTable.compile(new RuleSet("", findings.rules()));
        for (int place = 0; place < findings.rules().size(); place++) {
            Rule rule = findings.rules().get(place);
            if (rule.enabled() && comesBack(rule, ports)) {
                rounds(table, place, rule);
            }
        }
    }

    private static boolean comesBack(Rule rule, BitSet ports) {
        return rule.targets().targets().stream().anyMatch(target -> target.address() instanceof TargetAddress.Host(String host, PortRange range)
            && between(ports, range) && !addresses(host).isEmpty());
    }

    private static boolean between(BitSet ports, PortRange range) {
        int next = ports.nextSetBit(range.first());
        return next >= 0 && next <= range.last();
    }

    /** Of each rule the first port is reported. */
    private void rounds(ForwardingTable table, int place, Rule rule) {
        int before = reported.size();
        for (Protocol protocol : rule.protocols().each()) {
            Optional<Prelude> sample = sample(table, rule, protocol);
            for (PortRange range : rule.listen()) {
                for (int port = range.first(); sample.isPresent() && port <= range.last() && reported.size() == before; port++) {
                    Step start = new Step(place, protocol, port);
                    seen = new HashSet<>();
                    follow(table, start, start, sample.get(), new ArrayList<>());
                }
            }
        }
    }

    /** What a connection of the rule looks like to inspectors; empty where that cannot be said. */
    private static Optional<Prelude> sample(ForwardingTable table, Rule rule, Protocol protocol) {
        Match match = rule.match();
        boolean inspected = rule.listenKeys().filter(key -> key.protocol() == protocol).limit(1).flatMap(key -> table.listener(key).stream())
            .anyMatch(its -> !its.inspects().isEmpty());
        String kind = rule.kind(protocol).filter(its -> !its.equals(Match.REST))
            .orElse(match.kind().isEmpty() && inspected ? protocol.helloKind() : "");
        if (match.name().filter(name -> name.form() == HostPattern.Form.EXPRESSION).isPresent()) {
            return Optional.empty();
        }
        Optional<String> name = match.name().map(its -> its.wildcard() ? ANY_LABEL + its.name() : its.name());
        return Optional.of(new Prelude(kind, name, match.alpn(), false));
    }

    /** Whether a connection comes back to the start; the first way is reported. */
    private boolean follow(ForwardingTable table, Step start, Step here, Prelude sample, List<Try> way) {
        List<Target> targets = findings.rules().get(here.place()).targetsFor(here.port());
        for (int i = 0; i < targets.size(); i++) {
            way.add(new Try(here, i));
            for (Step next : next(table, here.protocol(), targets.get(i), sample)) {
                if (next.equals(start)) {
                    report(way);
                    return true;
                }
                if (seen.add(next) && follow(table, start, next, sample, way)) {
                    return true;
                }
            }
            way.removeLast();
        }
        return false;
    }

    private List<Step> next(ForwardingTable table, Protocol protocol, Target target, Prelude sample) {
        List<Step> steps = new ArrayList<>();
        for (Reached reached : reached(table, protocol, target.address())) {
            Listener listener = reached.listener();
            boolean takesHeader = listener.proxyTrust().filter(trust -> trust.trusts(reached.address())).isPresent();
            // A header where none is taken is seen by inspectors, and one that is missing is waited for: neither comes any further.
            boolean goesOn = takesHeader ? target.proxy().isPresent() : target.proxy().isEmpty() || listener.inspects().isEmpty();
            if (goesOn && listener.route(sample, reached.address()) instanceof Routed routed) {
                steps.add(new Step(places.getOrDefault(routed.route().rule(), 0), protocol, listener.key().port()));
            }
        }
        return steps;
    }

    private static List<Reached> reached(ForwardingTable table, Protocol protocol, TargetAddress target) {
        List<Reached> all = new ArrayList<>();
        if (target instanceof TargetAddress.Host(String host, PortRange ports)) {
            for (InetAddress address : addresses(host)) {
                ListenKey key = new ListenKey(protocol, Optional.of(address), ports.first());
                listener(table, key).ifPresent(listener -> all.add(new Reached(listener, address)));
            }
        }
        return all;
    }

    /** Whether a target of the rule is a listener of the table. */
    static boolean reaches(ForwardingTable table, Rule rule) {
        return rule.targets().targets().stream().anyMatch(target -> target.address() instanceof TargetAddress.Host(String host, PortRange ports)
            && addresses(host).stream().anyMatch(address -> ports.ports().anyMatch(port -> rule.protocols().each().stream()
                .anyMatch(protocol -> listener(table, new ListenKey(protocol, Optional.of(address), port)).isPresent()))));
    }

    /** What takes a connection to an address: a socket of the address before those of all, which are its own only if it is the loopback's. */
    private static Optional<Listener> listener(ForwardingTable table, ListenKey key) {
        InetAddress address = key.bind().orElseThrow();
        Optional<Listener> exact = table.listener(key);
        if (exact.isPresent() || !address.isLoopbackAddress()) {
            return exact;
        }
        Optional<InetAddress> any = IpLiterals.parse(address instanceof Inet4Address ? "0.0.0.0" : "::");
        return table.listener(key.at(any)).or(() -> table.listener(key.at(Optional.empty())));
    }

    /** Addresses of a host that is written as one; to connect to the wildcard is to connect to the loopback. */
    private static List<InetAddress> addresses(String host) {
        if (host.equals(LOCALHOST)) {
            return LOOPBACKS;
        }
        if (!Hostnames.looksLikeAddress(host)) {
            return List.of();
        }
        return IpLiterals.parse(host).map(address -> address.isAnyLocalAddress()
            ? LOOPBACKS.get(address instanceof Inet4Address ? 0 : 1) : address).stream().toList();
    }

    private void report(List<Try> way) {
        Set<Integer> members = new HashSet<>();
        way.forEach(one -> members.add(one.at().place()));
        if (!reported.add(members)) {
            return;
        }
        // Of rules that conflict the last one is blamed.
        Try last = way.stream().max((one, other) -> Integer.compare(one.at().place(), other.at().place())).orElseThrow();
        int place = last.at().place();
        Rule rule = findings.rules().get(place);
        Target target = rule.targetsFor(last.at().port()).get(last.target());
        String others = String.join(" and ", members.stream().filter(member -> member != place).sorted().map(findings::named).toList());
        findings.addOfTarget(RuleCode.FORWARDING_LOOP, place, last.target(), "the target " + target
            + (members.size() == 1 ? " is where the rule itself listens" : " leads back to the rule by " + others)
            + ", so a connection would go round until none is left; name the server's address, or let the rule listen elsewhere");
    }
}
