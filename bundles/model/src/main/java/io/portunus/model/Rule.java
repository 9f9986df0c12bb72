// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an operator configures: these ports, of this name, go to that target.
 *
 * @param id stable number of the rule, used as the metric label {@code rule}; unsigned
 * @param name unique name
 * @param description free text, may be empty
 * @param enabled a rule that is not enabled holds no port
 * @param bind local address to listen on, {@code 0.0.0.0} or {@code ::} for all of a family; empty means every address, IPv4 and IPv6
 * @param listen ports, at least one range, in the order written
 * @param match which connections of these ports it takes
 * @param targets where the bytes go
 * @param timeouts how long its connections may take
 * @param sockets options of their sockets
 * @param proxyTrust of whom a PROXY header is required; empty when nobody is trusted with one
 * @param protocols protocols of its ports
 * @param governance to whom it belongs, and by what its flows are limited
 * @param datagrams what holds for its sessions, if it has such
 */
public record Rule(long id, String name, String description, boolean enabled, Optional<InetAddress> bind, List<PortRange> listen,
        Match match, TargetGroup targets, Timeouts timeouts, Sockets sockets, Optional<ProxyTrust> proxyTrust, Protocols protocols,
        Governance governance, Datagrams datagrams) {
    /** Copies the list. */
    public Rule {
        listen = List.copyOf(listen);
    }

    /** A rule for TCP that is nobody's in particular, and limited by nothing of its own. */
    public Rule(long id, String name, String description, boolean enabled, Optional<InetAddress> bind, List<PortRange> listen,
            Match match, TargetGroup targets, Timeouts timeouts, Sockets sockets, Optional<ProxyTrust> proxyTrust) {
        this(id, name, description, enabled, bind, listen, match, targets, timeouts, sockets, proxyTrust, Protocols.TCP, Governance.NONE,
            Datagrams.DEFAULT);
    }

    /** A rule for one target, on every address, that is enabled and sets nothing else. */
    public static Rule of(long id, String name, List<PortRange> listen, Match match, TargetAddress target) {
        return new Rule(id, name, "", true, Optional.empty(), listen, match, TargetGroup.of(target), Timeouts.DEFAULT, Sockets.DEFAULT,
            Optional.empty());
    }

    /** The same rule on another local address. */
    public Rule withBind(Optional<InetAddress> other) {
        return new Rule(id, name, description, enabled, other, listen, match, targets, timeouts, sockets, proxyTrust, protocols, governance,
            datagrams);
    }

    /** The same rule, in use or not. */
    public Rule withEnabled(boolean other) {
        return new Rule(id, name, description, other, bind, listen, match, targets, timeouts, sockets, proxyTrust, protocols, governance,
            datagrams);
    }

    /** The same rule to other targets. */
    public Rule withTargets(TargetGroup others) {
        return new Rule(id, name, description, enabled, bind, listen, match, others, timeouts, sockets, proxyTrust, protocols, governance,
            datagrams);
    }

    /** The same rule with other limits of time. */
    public Rule withTimeouts(Timeouts others) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, others, sockets, proxyTrust, protocols, governance,
            datagrams);
    }

    /** The same rule with other sockets. */
    public Rule withSockets(Sockets others) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, timeouts, others, proxyTrust, protocols, governance,
            datagrams);
    }

    /** The same rule with others whose PROXY header counts. */
    public Rule withProxyTrust(ProxyTrust other) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, timeouts, sockets, Optional.of(other), protocols, governance,
            datagrams);
    }

    /** The same rule for another protocol only. */
    public Rule withProtocol(Protocol other) {
        return withProtocols(Protocols.of(other));
    }

    /** The same rule for other protocols. */
    public Rule withProtocols(Protocols other) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, timeouts, sockets, proxyTrust, other, governance,
            datagrams);
    }

    /** The same rule of another owner, with other limits. */
    public Rule withGovernance(Governance other) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, timeouts, sockets, proxyTrust, protocols, other,
            datagrams);
    }

    /** The same rule with sessions of other limits. */
    public Rule withDatagrams(Datagrams others) {
        return new Rule(id, name, description, enabled, bind, listen, match, targets, timeouts, sockets, proxyTrust, protocols, governance, others);
    }

    /** The name that a client must ask for, if the rule requires one. */
    public Optional<HostPattern> sni() {
        return match.sni();
    }

    /** What wraps its connections. */
    public Layers layers() {
        return sockets.layers();
    }

    /** How long live connections may stay once the rule is gone. */
    public Duration drain() {
        return timeouts.drain();
    }

    /**
     * The kind that it requires of clients of one of its protocols; empty where any will do. That of a hello is of the client's protocol, whichever
     * the match names.
     */
    public Optional<String> kind(Protocol protocol) {
        return match.kind().map(kind -> Prelude.isHello(kind) ? protocol.helloKind() : kind);
    }

    /** How many ports the rule listens on. */
    public int listenWidth() {
        return listen.stream().mapToInt(PortRange::width).sum();
    }

    /** How many listeners the rule is on while it is enabled. */
    int listeners() {
        return listenWidth() * protocols.each().size();
    }

    /** The listeners that the rule is on while it is enabled, in its order. */
    public Stream<ListenKey> listenKeys() {
        return protocols.each().stream().flatMap(protocol -> listen.stream().flatMapToInt(PortRange::ports)
            .mapToObj(port -> new ListenKey(protocol, bind, port)));
    }

    /** Whether it is the very object: what is made of a rule set has the set's own. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(Rule other) {
        return this == other;
    }

    /** Whether it is on a listener while it is enabled. */
    boolean listensOn(ListenKey key) {
        return protocols.has(key.protocol()) && bind.equals(key.bind()) && listen.stream().anyMatch(range -> range.contains(key.port()));
    }

    /** The id as operators see it: unsigned decimal. */
    public String idText() {
        return Long.toUnsignedString(id);
    }

    /**
     * The targets of one listen port: each with its single port, or the port at the same place of its range.
     *
     * @throws IllegalArgumentException if the rule does not listen on the port
     */
    public List<Target> targetsFor(int listenPort) {
        int offset = 0;
        for (PortRange range : listen) {
            if (range.contains(listenPort)) {
                int place = offset + listenPort - range.first();
                return targets.targets().stream().map(target -> at(target, place)).toList();
            }
            offset += range.width();
        }
        throw new IllegalArgumentException("rule " + name + " does not listen on port " + listenPort);
    }

    private static Target at(Target target, int place) {
        return target.address() instanceof TargetAddress.Host(String host, PortRange ports) && ports.width() > 1
            ? target.forPort(ports.first() + place) : target;
    }
}
