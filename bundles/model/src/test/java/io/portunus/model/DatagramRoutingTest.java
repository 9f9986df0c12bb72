// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names on a port of UDP: what QUIC asks for, and where all the rest goes. */
class DatagramRoutingTest {
    private static Rule named(String name, String sni) {
        return rule(name, Match.ofSni(Protocols.UDP, Optional.of(HostPattern.parse(sni))));
    }

    private static Rule rule(String name, Match match) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(443)), match, TargetAddress.parse(name + ".test:80")).withProtocol(Protocol.UDP);
    }

    private static ForwardingTable table(Rule... rules) {
        return ForwardingTable.compile(new RuleSet("1", Arrays.asList(rules)));
    }

    private static String route(ForwardingTable table, Prelude prelude) {
        return switch (table.listenerFor(Protocol.UDP, Optional.empty(), 443).orElseThrow().route(prelude, InetAddress.getLoopbackAddress())) {
            case Decision.Routed routed -> routed.route().rule().name() + " " + routed.route().match();
            case Decision.Refused refused -> refused.reason().code();
        };
    }

    private static Prelude quic(String name, String... alpn) {
        return new Prelude(Prelude.QUIC, Optional.of(name), List.of(alpn), false);
    }

    @Test
    void takesTheExactNameThenTheWildcardThenTheFallback() {
        ForwardingTable table = table(named("exact", "a.example.com"), named("wild", "*.example.com"), rule("rest", Match.ANY));

        assertThat(table.listeners()).allMatch(listener -> listener.inspects().equals(List.of(Prelude.QUIC)));
        assertThat(route(table, quic("a.example.com"))).isEqualTo("exact EXACT");
        assertThat(route(table, quic("b.example.com"))).isEqualTo("wild WILDCARD");
        assertThat(route(table, quic("example.org"))).isEqualTo("rest FALLBACK");
        assertThat(route(table, Prelude.of(Prelude.QUIC))).isEqualTo("rest FALLBACK");
    }

    @Test
    void whatIsNoQuicGoesToTheFallback() {
        assertThat(route(table(named("exact", "a.example.com"), rule("rest", Match.ANY)), Prelude.NONE)).isEqualTo("rest FALLBACK");
        assertThat(route(table(named("exact", "a.example.com"), rule("rest", Match.ofKind(Match.REST))), Prelude.NONE)).isEqualTo("rest REST");
        assertThat(route(table(named("exact", "a.example.com")), Prelude.NONE)).isEqualTo("not_recognised");
    }

    @Test
    void otherNamesAreRefusedWhereNoRuleTakesTheRest() {
        ForwardingTable table = table(named("exact", "a.example.com"));

        assertThat(route(table, quic("b.example.com"))).isEqualTo("no_matching_name");
        assertThat(route(table, Prelude.of(Prelude.QUIC))).isEqualTo("no_name");
    }

    @Test
    void restOfQuicAndAllTheRestMayDiffer() {
        ForwardingTable table = table(named("exact", "a.example.com"), rule("quic", Match.ofKind(Prelude.QUIC)), rule("rest", Match.ANY));

        assertThat(route(table, quic("b.example.com"))).isEqualTo("quic FALLBACK");
        assertThat(route(table, Prelude.NONE)).isEqualTo("rest FALLBACK");
    }

    @Test
    void choosesByApplicationProtocol() {
        ForwardingTable table = table(rule("h3", named("any", "a.example.com").match().offering(List.of("h3"))), named("other", "a.example.com"));

        assertThat(route(table, quic("a.example.com", "h3", "h3-29"))).isEqualTo("h3 EXACT");
        assertThat(route(table, quic("a.example.com", "doq"))).isEqualTo("other EXACT");
    }

    @Test
    void nameComesAndGoesByADifference() {
        Rule first = named("first", "a.example.com");
        Rule second = named("second", "b.example.com");
        Rule rest = rule("rest", Match.ANY);
        ForwardingTable before = table(first, rest);
        ForwardingTable both = before.with(RuleDifference.between(before.rules(), new RuleSet("2", List.of(first, second, rest))));

        assertThat(route(both, quic("b.example.com"))).isEqualTo("second EXACT");
        ForwardingTable less = both.with(RuleDifference.between(both.rules(), new RuleSet("3", List.of(rest))));
        assertThat(route(less, Prelude.NONE)).isEqualTo("rest PLAIN");
        assertThat(less.listeners()).allMatch(listener -> listener.inspects().isEmpty());
    }

    /** One rule for HTTPS and HTTP/3 of a name: each port asks for the hello of its protocol. */
    @Test
    void ruleOfBothTakesTheNameByEither() {
        Rule web = Rule.of(1, "web", List.of(PortRange.of(443)), Match.ofSni(Protocols.TCP_AND_UDP, Optional.of(HostPattern.parse("a.example.com"))),
            TargetAddress.parse("web.test:80")).withProtocols(Protocols.TCP_AND_UDP);
        ForwardingTable table = table(web, rule("rest", Match.ANY));

        assertThat(table.listeners()).extracting(listener -> listener.key() + " " + listener.inspects()).containsExactly("*:443 [tls]",
            "*:443/udp [quic]");
        assertThat(route(table, quic("a.example.com"))).isEqualTo("web EXACT");
        assertThat(route(table, quic("b.example.com"))).isEqualTo("rest FALLBACK");
        Listener tcp = table.listener(ListenKey.tcp(Optional.empty(), 443)).orElseThrow();
        Prelude hello = new Prelude(Prelude.TLS, Optional.of("a.example.com"), List.of(), false);
        assertThat(tcp.route(hello, InetAddress.getLoopbackAddress())).isInstanceOfSatisfying(Decision.Routed.class,
            routed -> assertThat(routed.route().rule()).isEqualTo(web));
        ForwardingTable udp = table.with(RuleDifference.between(table.rules(), new RuleSet("2", List.of(web.withProtocol(Protocol.TCP),
            table.rules().rules().get(1)))));
        assertThat(route(udp, quic("a.example.com"))).isEqualTo("rest PLAIN");
    }
}
