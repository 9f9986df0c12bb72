// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;

/** What a rule may not ask for, because only the other protocol has it. Confined to one thread. */
final class DatagramChecks {
    private final Findings findings;

    DatagramChecks(Findings findings) {
        this.findings = findings;
    }

    void run() {
        for (int place = 0; place < findings.rules().size(); place++) {
            Rule rule = findings.rules().get(place);
            if (rule.match().kind().filter(Prelude::isHello).filter(kind -> !kind.equals(rule.protocols().helloKind())).isPresent()) {
                add(place, "match.kind", rule.protocols() == Protocols.TCP_AND_UDP
                    ? "a rule for tcp+udp meets quic on one side only; write tls, which by UDP is quic, or another protocol"
                    : "a rule for " + rule.protocols().code() + " meets no " + rule.match().kind().get() + "; write "
                        + rule.protocols().helloKind() + ", or another protocol");
            }
            probe(place, rule);
            if (rule.targets().health().silence().isPresent()) {
                silence(place, rule);
            }
            if (rule.protocols() == Protocols.UDP) {
                ofConnections(place, rule);
            }
            if (rule.protocols().has(Protocol.UDP)) {
                headers(place, rule);
                sessions(place, rule);
            }
        }
    }

    private void ofConnections(int place, Rule rule) {
        if (!rule.match().silence().equals(Match.DEFAULT_SILENCE)) {
            add(place, "match.silence", "no datagram comes of a client that is silent; leave silence out");
        }
        if (rule.proxyTrust().filter(trust -> !trust.deadline().equals(ProxyTrust.DEFAULT_DEADLINE)).isPresent()) {
            add(place, "accept_proxy_timeout", "a datagram has its PROXY header, and is not waited for; leave accept_proxy_timeout out");
        }
        if (!rule.layers().equals(Layers.NONE)) {
            add(place, "sockets", "layers wrap connections, not datagrams; leave them out");
        }
    }

    private void headers(int place, Rule rule) {
        List<Target> targets = rule.targets().targets();
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).proxy().filter(header -> header.version() == ProxyHeader.Version.V1).isPresent()) {
                findings.addOfTarget(RuleCode.NOT_FOR_PROTOCOL, place, i, "a PROXY header of version 1 is for connections; write proxy_protocol ="
                    + " \"v2\", which stands before each datagram");
            }
        }
    }

    private void probe(int place, Rule rule) {
        rule.targets().health().probe()
            .filter(its -> its.port().isEmpty() && !rule.protocols().has(its.ask() instanceof Probe.Ask.OfDatagrams ? Protocol.UDP : Protocol.TCP))
            .ifPresent(its -> add(place, "health.probe", rule.protocols().has(Protocol.UDP)
                ? "it asks by TCP, and the targets of the rule are of udp; write udp or dns, or add health.port, where something of theirs listens"
                    + " on TCP"
                : "it asks by UDP, and the targets of the rule are of tcp; add health.port, where something of theirs listens on UDP"));
    }

    private void silence(int place, Rule rule) {
        if (!rule.protocols().has(Protocol.UDP)) {
            add(place, "health.silence", "a connection that is made was answered; leave silence out, or write protocol = \"udp\"");
        } else if (rule.datagrams().mode() == Datagrams.Mode.DATAGRAM) {
            findings.add(ProblemCode.CONFLICTING_KEYS, place, "health.silence", "with udp.mode \"datagram\" nobody has to answer; leave silence out,"
                + " or write another mode");
        }
    }

    private void add(int place, String key, String text) {
        findings.add(RuleCode.NOT_FOR_PROTOCOL, place, key, text);
    }

    private void sessions(int place, Rule rule) {
        Datagrams its = rule.datagrams();
        check(place, "udp_max_flows", its.caps().sessions(), 1, Datagrams.Caps.MOST_SESSIONS);
        check(place, "udp.max_per_source", its.caps().perSource(), 0, Datagrams.Caps.MOST_SESSIONS);
        check(place, "udp.responses", its.responses(), 1, Datagrams.MOST_RESPONSES);
        check(place, "udp.amplification", its.amplification(), 0, Datagrams.MOST_AMPLIFICATION);
    }

    private void check(int place, String key, int value, int least, int most) {
        if (value < least || value > most) {
            findings.add(ProblemCode.INVALID_VALUE, place, key, "the value is " + value + "; write " + least + " to " + most);
        }
    }
}
