// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.List;

/** What a rule for UDP may not ask for, because only connections have it. Confined to one thread. */
final class DatagramChecks {
    private final Findings findings;

    DatagramChecks(Findings findings) {
        this.findings = findings;
    }

    void run() {
        for (int place = 0; place < findings.rules().size(); place++) {
            Rule rule = findings.rules().get(place);
            if (rule.protocol() == Protocol.UDP) {
                sniOnUnsupportedRule(place, rule);
                notForProtocol(place, rule);
                sessions(place, rule);
            }
        }
    }

    private void sniOnUnsupportedRule(int place, Rule rule) {
        if (rule.match().name().isPresent()) {
            findings.add(RuleCode.SNI_ON_UNSUPPORTED_RULE, place, Findings.nameKey(rule), "a rule for udp routes by port and client, not by a name;"
                + " leave the name out, or write protocol = \"tcp\"");
        }
    }

    private void notForProtocol(int place, Rule rule) {
        if (rule.match().kind().isPresent() && rule.match().name().isEmpty()) {
            add(place, "match.kind", "a rule for udp takes all datagrams of its clients, and no inspector looks at them; leave the kind out");
        }
        if (rule.proxyTrust().isPresent()) {
            add(place, "accept_proxy", "no PROXY header is read of datagrams; leave accept_proxy out");
        }
        List<Target> targets = rule.targets().targets();
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).proxy().isPresent()) {
                findings.addOfTarget(RuleCode.NOT_FOR_PROTOCOL, place, i, "no PROXY header is written before datagrams; leave proxy_protocol out");
            }
        }
        rule.targets().health().probe().filter(probe -> probe.port().isEmpty()).ifPresent(probe -> add(place, "health.probe",
            "probes ask by TCP, and the targets of the rule are of udp; add health.port, where something of theirs listens on TCP"));
        if (!rule.layers().equals(Layers.NONE)) {
            add(place, "sockets", "layers wrap connections, not datagrams; leave them out");
        }
    }

    private void add(int place, String key, String text) {
        findings.add(RuleCode.NOT_FOR_PROTOCOL, place, key, text);
    }

    private void sessions(int place, Rule rule) {
        int most = rule.datagrams().maxSessions();
        if (most < 1 || most > Datagrams.MOST_SESSIONS) {
            findings.add(ProblemCode.INVALID_VALUE, place, "udp_max_flows", "the rule may have " + most + " sessions at once; write 1 to "
                + Datagrams.MOST_SESSIONS);
        }
    }
}
