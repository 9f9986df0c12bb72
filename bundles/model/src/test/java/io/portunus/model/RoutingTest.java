// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a connection goes, by kind, name, application protocol and source. */
class RoutingTest {
    private static final SourceFilter OFFICE = allow("10.0.0.0/8");

    private static SourceFilter allow(String... blocks) {
        return new SourceFilter(Arrays.stream(blocks).map(b -> Cidr.parse(b).orElseThrow()).toList(), List.of());
    }

    private static Match name(String kind, String pattern) {
        return Match.ofName(kind, HostPattern.parse(pattern));
    }

    private static Match tls(String pattern) {
        return name(Prelude.TLS, pattern);
    }

    /** Rules on port 443, called r0, r1 and so on; they must pass the checks. */
    private static Listener listener(Match... matches) {
        List<Rule> rules = new ArrayList<>();
        for (Match match : matches) {
            rules.add(Rule.of(rules.size(), "r" + rules.size(), List.of(PortRange.of(443)), match, TargetAddress.parse("10.0.0.1:1")));
        }
        assertThat(RuleChecks.check(rules, List.of())).isEmpty();
        return ForwardingTable.compile(new RuleSet("", rules)).listeners().iterator().next();
    }

    private static String route(Listener listener, Prelude prelude, String client) {
        InetAddress from = IpLiterals.parse(client).orElseThrow();
        return switch (listener.route(prelude, from)) {
            case Decision.Routed routed -> routed.route().rule().name() + " " + routed.route().match();
            case Decision.Refused refused -> refused.reason().code().toUpperCase(Locale.ROOT);
        };
    }

    private static String route(Listener listener, Prelude prelude) {
        return route(listener, prelude, "192.0.2.1");
    }

    private static Prelude offering(String name, String... alpn) {
        return new Prelude(Prelude.TLS, Optional.of(name), List.of(alpn), false);
    }

    private static Prelude http(String host) {
        return new Prelude("http", Optional.of(host), List.of(), false);
    }

    @Test
    void closerPatternsComeFirst() {
        Listener listener = listener(Match.ofKind("tls"), tls("~.*"), tls("~x.*"), tls("**.example.com"), tls("**.b.example.com"),
            tls("*.b.example.com"), tls("a.b.example.com"));

        assertThat(route(listener, Prelude.tls("a.b.example.com"))).isEqualTo("r6 EXACT");
        assertThat(route(listener, Prelude.tls("x.b.example.com"))).isEqualTo("r5 WILDCARD");
        assertThat(route(listener, Prelude.tls("x.y.b.example.com"))).isEqualTo("r4 WILDCARD");
        assertThat(route(listener, Prelude.tls("b.example.com"))).isEqualTo("r3 WILDCARD");
        assertThat(route(listener, Prelude.tls("x.example.org"))).isEqualTo("r1 EXPRESSION");
        assertThat(route(listener, Prelude.of("tls"))).isEqualTo("r0 FALLBACK");
    }

    @Test
    void expressionsAreTriedInTheOrderOfTheRules() {
        assertThat(route(listener(tls("~a.*"), tls("~.*b")), Prelude.tls("ab"))).isEqualTo("r0 EXPRESSION");
        assertThat(route(listener(tls("~.*b"), tls("~a.*")), Prelude.tls("ab"))).isEqualTo("r0 EXPRESSION");
        assertThat(route(listener(tls("~.*b"), tls("~a.*")), Prelude.tls("c"))).isEqualTo("NO_MATCHING_NAME");
    }

    @Test
    void applicationProtocolsDivideAName() {
        Listener listener = listener(tls("a.test"), tls("a.test").offering(List.of("h2", "http/1.1")),
            tls("a.test").offering(List.of("acme-tls/1")));

        assertThat(route(listener, offering("a.test", "spdy", "http/1.1"))).isEqualTo("r1 EXACT");
        assertThat(route(listener, offering("a.test", "acme-tls/1", "h2"))).isEqualTo("r1 EXACT");
        assertThat(route(listener, offering("a.test", "acme-tls/1"))).isEqualTo("r2 EXACT");
        assertThat(route(listener, offering("a.test", "H2"))).isEqualTo("r0 EXACT");
        assertThat(route(listener, offering("a.test"))).isEqualTo("r0 EXACT");
    }

    @Test
    void clientsThatARuleDoesNotTakeGoToTheNextCloserOne() {
        Listener listener = listener(tls("a.test.example").from(OFFICE), tls("*.test.example").from(allow("192.0.2.0/24")), Match.ofKind("tls"));

        assertThat(route(listener, Prelude.tls("a.test.example"), "10.1.2.3")).isEqualTo("r0 EXACT");
        assertThat(route(listener, Prelude.tls("a.test.example"), "192.0.2.9")).isEqualTo("r1 WILDCARD");
        assertThat(route(listener, Prelude.tls("a.test.example"), "203.0.113.1")).isEqualTo("r2 FALLBACK");
    }

    @Test
    void reportsThatTheSourceIsDeniedOnlyWhenNothingElseIsWrong() {
        Listener listener = listener(tls("a.test").from(OFFICE), tls("b.test").from(OFFICE).offering(List.of("h2")),
            Match.ofKind("ssh").from(OFFICE));

        assertThat(route(listener, Prelude.tls("a.test"))).isEqualTo("SOURCE_DENIED");
        assertThat(route(listener, Prelude.of("ssh"))).isEqualTo("SOURCE_DENIED");
        assertThat(route(listener, Prelude.tls("b.test"))).isEqualTo("NO_MATCHING_NAME");
        assertThat(route(listener, offering("b.test", "h2"))).isEqualTo("SOURCE_DENIED");
        assertThat(route(listener, Prelude.tls("c.test"))).isEqualTo("NO_MATCHING_NAME");
        assertThat(route(listener, Prelude.of("tls"))).isEqualTo("NO_NAME");
        assertThat(route(listener, Prelude.NONE)).isEqualTo("NOT_RECOGNISED");
    }

    @Test
    void denyWinsOverAllowAndMappedAddressesCountAsIpv4() {
        SourceFilter filter = new SourceFilter(List.of(Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("2001:db8::/32").orElseThrow()),
            List.of(Cidr.parse("10.9.0.0/16").orElseThrow()));
        Listener listener = listener(Match.ANY.from(filter));

        assertThat(route(listener, Prelude.NONE, "10.8.0.1")).isEqualTo("r0 PLAIN");
        assertThat(route(listener, Prelude.NONE, "::ffff:10.8.0.1")).isEqualTo("r0 PLAIN");
        assertThat(route(listener, Prelude.NONE, "2001:db8::1")).isEqualTo("r0 PLAIN");
        assertThat(route(listener, Prelude.NONE, "10.9.0.1")).isEqualTo("SOURCE_DENIED");
        assertThat(route(listener, Prelude.NONE, "192.0.2.1")).isEqualTo("SOURCE_DENIED");
    }

    @Test
    void plainRulesMayDifferBySourceAndStillNothingIsLookedAt() {
        Listener listener = listener(Match.ANY, Match.ANY.from(OFFICE), Match.ANY.from(allow("10.0.0.0/7", "192.0.2.7")));

        assertThat(listener.inspects()).isEmpty();
        assertThat(route(listener, Prelude.NONE, "10.0.0.1")).isEqualTo("r1 PLAIN");
        assertThat(route(listener, Prelude.NONE, "11.0.0.1")).isEqualTo("r2 PLAIN");
        assertThat(route(listener, Prelude.NONE, "192.0.2.7")).isEqualTo("r2 PLAIN");
        assertThat(route(listener, Prelude.NONE, "192.0.2.8")).isEqualTo("r0 PLAIN");
    }

    @Test
    void theRestGoesToTheRuleForIt() {
        Match patient = new Match(Optional.of(Match.REST), Optional.empty(), List.of(), OFFICE, Duration.ofSeconds(2));
        Listener listener = listener(tls("a.test"), Match.ofKind("ssh"), Match.ofKind(Match.REST), patient);

        assertThat(listener.inspects()).containsExactly("tls", "ssh");
        assertThat(listener.silence()).contains(Duration.ofSeconds(2));
        assertThat(route(listener, Prelude.NONE)).isEqualTo("r2 REST");
        assertThat(route(listener, Prelude.NONE, "10.0.0.1")).isEqualTo("r3 REST");
        assertThat(route(listener, Prelude.of("mqtt"))).isEqualTo("r2 REST");
        assertThat(route(listener, Prelude.tls("b.test"))).isEqualTo("r2 REST");
        assertThat(route(listener, Prelude.of("tls"))).isEqualTo("r2 REST");
        assertThat(route(listener, Prelude.of("ssh"))).isEqualTo("r1 KIND");
    }

    @Test
    void aPortForTheRestAloneLooksAtNothing() {
        Listener listener = listener(Match.ofKind(Match.REST));

        assertThat(listener.inspects()).isEmpty();
        assertThat(route(listener, Prelude.NONE)).isEqualTo("r0 REST");
    }

    @Test
    void namesOfOtherKindsAreTheirOwn() {
        Listener listener = listener(name("http", "a.test"), name("http", "**.b.test"), Match.ofKind("http"), tls("a.test"));

        assertThat(listener.inspects()).containsExactly("tls", "http");
        assertThat(route(listener, http("a.test"))).isEqualTo("r0 EXACT");
        assertThat(route(listener, http("x.y.b.test"))).isEqualTo("r1 WILDCARD");
        assertThat(route(listener, http("c.test"))).isEqualTo("r2 KIND");
        assertThat(route(listener, Prelude.of("http"))).isEqualTo("r2 KIND");
        assertThat(route(listener, Prelude.tls("a.test"))).isEqualTo("r3 EXACT");
        assertThat(route(listener(name("http", "a.test")), http("b.test"))).isEqualTo("NO_MATCHING_NAME");
        assertThat(route(listener(name("http", "a.test")), Prelude.tls("a.test"))).isEqualTo("NOT_RECOGNISED");
    }

    @Test
    void aRuleWithoutAKindIsTheRestOfTlsBesideNames() {
        Listener listener = listener(tls("a.test"), Match.ANY, Match.ANY.from(OFFICE));

        assertThat(listener.inspects()).containsExactly("tls");
        assertThat(route(listener, Prelude.tls("b.test"))).isEqualTo("r1 FALLBACK");
        assertThat(route(listener, Prelude.tls("b.test"), "10.0.0.1")).isEqualTo("r2 FALLBACK");
        assertThat(route(listener, Prelude.NONE)).isEqualTo("NOT_TLS");
    }

    @Test
    void listenersAreEqualWhateverTheOrderOfTheirNames() {
        Rule one = Rule.of(1, "one", List.of(PortRange.of(443)), tls("a.test"), TargetAddress.parse("10.0.0.1:1"));
        Rule two = Rule.of(2, "two", List.of(PortRange.of(443)), Match.ofKind("ssh"), TargetAddress.parse("10.0.0.1:1"));
        ForwardingTable table = ForwardingTable.compile(new RuleSet("", List.of(one, two)));
        ForwardingTable turned = ForwardingTable.compile(new RuleSet("", List.of(two, one)));

        assertThat(table.listeners().iterator().next()).isEqualTo(turned.listeners().iterator().next());
        assertThat(table.listeners().iterator().next().routes()).hasSize(2);
    }
}
