// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {
    private static final ListenKey ON_443 = ListenKey.tcp(Optional.empty(), 443);

    private static final SourceFilter OFFICE = new SourceFilter(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()), List.of());
    private static final SourceFilter NOT_HOME = new SourceFilter(List.of(), List.of(Cidr.parse("192.0.2.0/24").orElseThrow()));

    private static Match tls(String pattern) {
        return Match.ofName(Prelude.TLS, HostPattern.parse(pattern));
    }

    /** The reasons of rules on port 443, called r0, r1 and so on; a star marks the chosen one. */
    private static List<String> reasons(Prelude prelude, String client, Match... matches) {
        List<Rule> rules = new ArrayList<>();
        for (Match match : matches) {
            rules.add(Rule.of(rules.size(), "r" + rules.size(), List.of(PortRange.of(443)), match, TargetAddress.parse("10.0.0.1:1")));
        }
        assertThat(RuleChecks.check(rules, List.of())).isEmpty();
        ForwardingTable table = ForwardingTable.compile(new RuleSet("", rules));
        InetAddress from = IpLiterals.parse(client).orElseThrow();
        return Explanation.of(table, table.listenerFor(Protocol.TCP, Optional.empty(), 443), ON_443, prelude, from).candidates().stream()
            .map(c -> (c.chosen() ? "* " : "") + c.reason()).toList();
    }

    @Test
    void ruleOfAKindThatNobodyRecognisesIsPassedOver() {
        List<Rule> rules = List.of(rule("tls", tls("a.test")), rule("typo", Match.ofKind("htttp")));
        ForwardingTable table = ForwardingTable.compile(new RuleSet("", rules));
        Optional<Listener> whole = table.listenerFor(Protocol.TCP, Optional.empty(), 443);
        Optional<Listener> lesser = whole.map(its -> its.without(List.of("htttp", "ssh")));
        InetAddress from = InetAddress.getLoopbackAddress();

        Explanation ofOthers = Explanation.of(table, lesser, ON_443, Prelude.tls("a.test"), from);
        assertThat(ofOthers.decision()).isInstanceOf(Decision.Routed.class);
        assertThat(ofOthers.candidates().getLast().reason()).startsWith("nobody who runs recognises htttp");
        assertThat(Explanation.of(table, lesser, ON_443, new Prelude("htttp", Optional.empty(), List.of(), false), from).decision())
            .isEqualTo(new Decision.Refused(Decision.Refusal.NO_HANDLER));
        assertThat(Explanation.of(table, lesser, ON_443, Prelude.tls("b.test"), from).decision())
            .isEqualTo(new Decision.Refused(Decision.Refusal.NO_MATCHING_NAME));
        assertThat(lesser.orElseThrow().unserved()).containsExactly("htttp");
        assertThat(lesser.orElseThrow().inspects()).containsExactly("tls");
        assertThat(lesser.orElseThrow().takesNothing()).isFalse();
        assertThat(whole.orElseThrow().without(List.of("htttp", "tls")).takesNothing()).isTrue();
    }

    @Test
    void ruleForTheRestOfTlsIsPassedOverWithTlsAndNeverTakesEverything() {
        List<Rule> rules = List.of(rule("named", tls("a.test")), rule("others", Match.ANY));
        Listener lesser = ForwardingTable.compile(new RuleSet("", rules)).listenerFor(Protocol.TCP, Optional.empty(), 443).orElseThrow()
            .without(List.of("tls"));

        assertThat(lesser.takesNothing()).isTrue();
        assertThat(lesser.kindFor(rules.getLast())).contains("tls");
        assertThat(lesser.route(Prelude.NONE, InetAddress.getLoopbackAddress())).isEqualTo(new Decision.Refused(Decision.Refusal.NO_HANDLER));
    }

    private static Rule rule(String name, Match match) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(443)), match, TargetAddress.parse("10.0.0.1:1"));
    }

    @Test
    void statesWhichRuleIsCloser() {
        assertThat(reasons(Prelude.tls("a.b.example.com"), "192.0.2.1", tls("~.*"), tls("~a.*"), tls("**.example.com"), tls("*.b.example.com"),
            tls("a.b.example.com"), Match.ofKind("tls"), Match.ofKind("any"), Match.ofKind("ssh"), tls("b.test"))).containsExactly(
            "its expression matches, but another rule has the exact name", "its expression matches, but another rule has the exact name",
            "it matches as a wildcard, but another rule has the exact name", "it matches as a wildcard, but another rule has the exact name",
            "* the name asked for is the rule's name", "another rule has the name asked for",
            "it takes what no other rule takes, and the rule 'r4' takes this", "it wants ssh, and the first bytes are tls",
            "it wants the name b.test, not a.b.example.com");
        assertThat(reasons(Prelude.tls("x.a.example.com"), "192.0.2.1", tls("~.*"), tls("**.example.com"), tls("*.a.example.com")))
            .containsExactly("its expression matches, but the parent of the rule 'r2' is closer",
                "it matches as a wildcard, but the parent of the rule 'r2' is closer",
                "* the name asked for is one label and the rule's parent, and no rule has the exact name");
        assertThat(reasons(Prelude.tls("ab"), "192.0.2.1", tls("~a."), tls("~.b"))).containsExactly(
            "* the name asked for is one that the rule's expression takes", "its expression matches, but that of the rule 'r0' comes first");
    }

    /** B7: whoever read it, an expression, a wildcard or an exact name never sees an address. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "[2001:db8::1]"})
    void addressIsNoName(String address) {
        Prelude prelude = Prelude.tls(address);

        assertThat(prelude).isEqualTo(Prelude.of(Prelude.TLS));
        assertThat(reasons(prelude, "192.0.2.1", tls("~.*"), tls("**.example.com"), tls("a.example.com"), Match.ofKind("tls")))
            .last().asString().startsWith("* ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.256", "192.0.2", "192.0.2.01", "[192.0.2.1]", "192.0.2.1:443", "[::1]:443", "::1%lo", "a", "1", "", ":"})
    void otherTextIsNoAddress(String text) {
        assertThat(Hostnames.isAddress(text)).isFalse();
    }

    @Test
    void statesWhichClientsAndProtocolsARuleTakes() {
        Prelude h2 = new Prelude(Prelude.TLS, Optional.of("a.test"), List.of("h2"), false);

        assertThat(reasons(h2, "192.0.2.1", tls("a.test").offering(List.of("x", "y")), tls("a.test").from(OFFICE), tls("a.test").from(NOT_HOME),
            tls("a.test").offering(List.of("h2")), tls("a.test"))).containsExactly(
            "it wants the application protocol x or y, which the client does not offer",
            "it takes clients from 10.0.0.0/8 only, and this one is 192.0.2.1",
            "it does not take clients from 192.0.2.0/24, and this one is 192.0.2.1",
            "* the name asked for is the rule's name; the client offers an application protocol that it wants",
            "it would take it too, but the rule 'r3' takes such clients before it");
        assertThat(reasons(h2, "10.0.0.1", tls("a.test").from(OFFICE), tls("a.test").from(NOT_HOME))).containsExactly(
            "* the name asked for is the rule's name; it takes this client", "it would take it too, but the rule 'r0' comes first");
    }

    @Test
    void statesWhyPlainRulesDiffer() {
        assertThat(reasons(Prelude.NONE, "10.0.0.1", Match.ANY)).containsExactly("* the only rule of this port; nothing is looked at");
        assertThat(reasons(Prelude.NONE, "10.0.0.1", Match.ANY, Match.ANY.from(OFFICE))).containsExactly(
            "it would take it too, but the rule 'r1' takes such clients before it",
            "* the rules of this port differ by the client's address only; nothing is looked at; it takes this client");
    }

    @Test
    void statesWhatTheRestIs() {
        assertThat(reasons(Prelude.NONE, "10.0.0.1", tls("a.test"), Match.ofKind("any"))).containsExactly(
            "it wants tls, and the first bytes are not given", "* no inspector of this port recognises it, and the rule takes that");
        assertThat(reasons(Prelude.tls("b.test"), "10.0.0.1", tls("a.test"), Match.ofKind("any"))).containsExactly(
            "it wants the name a.test, not b.test", "* no rule of this port for tls takes it, and this one takes the rest");
        assertThat(reasons(Prelude.NONE, "10.0.0.1", tls("a.test"), Match.ANY)).containsExactly(
            "it wants tls, and the first bytes are not given", "this port takes TLS only, and no hello was given");
    }
}
