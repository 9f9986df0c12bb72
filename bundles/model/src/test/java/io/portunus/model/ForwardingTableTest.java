// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
    private static final Optional<InetAddress> ONE = IpLiterals.parse("127.0.0.1");
    private static final Optional<InetAddress> TWO = IpLiterals.parse("127.0.0.2");

    private static Rule rule(String name, Optional<InetAddress> bind, int port, String sni) {
        Optional<HostPattern> pattern = sni.isEmpty() ? Optional.empty() : Optional.of(HostPattern.parse(sni));
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ofSni(pattern), TargetAddress.parse(name + ".test:80"))
            .withBind(bind);
    }

    private static ForwardingTable table(Rule... rules) {
        return ForwardingTable.compile(new RuleSet("1", Arrays.asList(rules)));
    }

    private static String route(ForwardingTable table, Prelude prelude) {
        return switch (table.listenerFor(Protocol.TCP, Optional.empty(), 443).orElseThrow().route(prelude, InetAddress.getLoopbackAddress())) {
            case Decision.Routed routed -> routed.route().rule().name() + " " + routed.route().match();
            case Decision.Refused refused -> refused.reason().code().toUpperCase(Locale.ROOT);
        };
    }

    @Test
    void takesTheExactNameThenTheWildcardThenTheFallback() {
        ForwardingTable table = table(rule("exact", Optional.empty(), 443, "a.example.com"), rule("wild", Optional.empty(), 443, "*.example.com"),
            rule("rest", Optional.empty(), 443, ""));

        assertThat(route(table, Prelude.tls("a.example.com"))).isEqualTo("exact EXACT");
        assertThat(route(table, Prelude.tls("b.example.com"))).isEqualTo("wild WILDCARD");
        assertThat(route(table, Prelude.tls("b.a.example.com"))).isEqualTo("rest FALLBACK");
        assertThat(route(table, Prelude.tls("example.com"))).isEqualTo("rest FALLBACK");
        assertThat(route(table, Prelude.of(Prelude.TLS))).isEqualTo("rest FALLBACK");
        assertThat(route(table, Prelude.NONE)).isEqualTo("NOT_TLS");
    }

    private static Rule kind(String name, int port, String kind) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ofKind(kind),
            TargetAddress.parse(name + ".test:80"));
    }

    @Test
    void routesByKindBesideNames() {
        ForwardingTable table = table(rule("exact", Optional.empty(), 443, "a.example.com"), kind("mqtt", 443, "mqtt"));

        assertThat(table.listeners()).allMatch(l -> l.inspects().equals(List.of("tls", "mqtt")));
        assertThat(route(table, Prelude.of("mqtt"))).isEqualTo("mqtt KIND");
        assertThat(route(table, Prelude.tls("a.example.com"))).isEqualTo("exact EXACT");
        assertThat(route(table, Prelude.tls("b.example.com"))).isEqualTo("NO_MATCHING_NAME");
        assertThat(route(table, Prelude.of("ssh"))).isEqualTo("NOT_RECOGNISED");
    }

    @Test
    void ruleOfKindTlsTakesEveryName() {
        ForwardingTable table = table(kind("any", 443, "tls"), kind("mqtt", 443, "mqtt"));

        assertThat(route(table, Prelude.tls("a.example.com"))).isEqualTo("any FALLBACK");
        assertThat(route(table, Prelude.of(Prelude.TLS))).isEqualTo("any FALLBACK");
    }

    @Test
    void listenerOfOneKindTakesNoTls() {
        ForwardingTable table = table(kind("mqtt", 443, "mqtt"));

        assertThat(table.listeners()).allMatch(l -> l.inspects().equals(List.of("mqtt")));
        assertThat(route(table, Prelude.tls("a.example.com"))).isEqualTo("NOT_RECOGNISED");
    }

    @Test
    void refusesWhatNoRuleTakes() {
        ForwardingTable table = table(rule("exact", Optional.empty(), 443, "a.example.com"));

        assertThat(route(table, Prelude.tls("b.example.com"))).isEqualTo("NO_MATCHING_NAME");
        assertThat(route(table, Prelude.of(Prelude.TLS))).isEqualTo("NO_NAME");
    }

    @Test
    void looksAtNothingOnAPortWithOneRuleWithoutAName() {
        ForwardingTable table = table(rule("plain", Optional.empty(), 443, ""));

        assertThat(table.listeners()).allMatch(l -> l.inspects().isEmpty());
        assertThat(route(table, Prelude.NONE)).isEqualTo("plain PLAIN");
    }

    @Test
    void findsTheListenerOfAnAddressElseThatOfEveryAddress() {
        ForwardingTable table = table(rule("one", ONE, 443, ""), rule("every", Optional.empty(), 8443, ""));

        assertThat(table.listenerFor(Protocol.TCP, ONE, 443)).isPresent();
        assertThat(table.listenerFor(Protocol.TCP, TWO, 443)).isEmpty();
        assertThat(table.listenerFor(Protocol.TCP, TWO, 8443)).isPresent();
    }

    @Test
    void withoutAnAddressFindsTheOnlyListenerOfAPort() {
        assertThat(table(rule("one", ONE, 443, "")).listenerFor(Protocol.TCP, Optional.empty(), 443)).isPresent();
        assertThat(table(rule("one", ONE, 443, ""), rule("two", TWO, 443, "")).listenerFor(Protocol.TCP, Optional.empty(), 443)).isEmpty();
    }

    @Test
    void mapsRangesPortByPortAndListsToOnePort() {
        Rule range = Rule.of(1, "range", List.of(PortRange.parse("8000-8002")), Match.ANY,
            TargetAddress.parse("t.test:9000-9002"));
        Rule several = Rule.of(2, "several", List.of(PortRange.of(80), PortRange.of(8080)), Match.ANY,
            TargetAddress.parse("t.test:9000"));

        assertThat(range.targetsFor(8001).getFirst().toString()).isEqualTo("t.test:9001");
        assertThat(several.targetsFor(8080).getFirst().toString()).isEqualTo("t.test:9000");
    }

    @Test
    void disabledRulesHoldNoPort() {
        Rule off = Rule.of(1, "off", List.of(PortRange.of(80)), Match.ANY, TargetAddress.parse("t.test:1")).withEnabled(false);

        assertThat(table(off).listeners()).isEmpty();
    }
}
