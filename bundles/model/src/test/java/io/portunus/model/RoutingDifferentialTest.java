// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tables of few names, kinds and sources, so that their rules meet: the table, the reference and the explanation agree. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RoutingDifferentialTest {
    private static final List<String> PATTERNS = List.of("a.t.test", "b.t.test", "a.b.t.test", "*.t.test", "*.b.t.test", "**.t.test",
        "**.b.t.test", "**.a.b.t.test", "~a.*", "~.*t.test", "~[^b]+");
    private static final List<String> NAMES = List.of("a.t.test", "b.t.test", "c.t.test", "a.b.t.test", "x.b.t.test", "x.a.b.t.test",
        "y.x.a.b.t.test", "t.test", "other.test", "b");
    private static final List<String> BLOCKS = List.of("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0");
    private static final List<String> CLIENTS = List.of("10.0.0.1", "10.1.0.1", "192.0.2.1", "203.0.113.1", "2001:db8::1", "::1");
    private static final List<String> ALPN = List.of("h2", "http/1.1", "acme-tls/1");
    private static final int TABLES = 250;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void tableReferenceAndExplanationAgree(long seed) {
        Random random = new Random(seed);
        int routed = 0;
        for (int i = 0; i < TABLES; i++) {
            List<Rule> rules = rules(random);
            ForwardingTable table = ForwardingTable.compile(new RuleSet("", rules));
            Listener listener = table.listeners().iterator().next();
            ReferenceRouter reference = new ReferenceRouter(rules);
            for (int j = 0; j < 20; j++) {
                Prelude prelude = listener.inspects().isEmpty() ? Prelude.NONE : prelude(random);
                InetAddress client = IpLiterals.parse(any(CLIENTS, random)).orElseThrow();
                Decision decision = listener.route(prelude, client);

                assertThat(text(decision)).as("%s from %s in %s", prelude, client, rules).isEqualTo(reference.route(prelude, client));
                expectExplained(Explanation.of(table, Optional.of(listener), ListenKey.tcp(Optional.empty(), 443), prelude, client), decision);
                routed += decision instanceof Decision.Routed ? 1 : 0;
            }
        }
        assertThat(routed).isBetween(TABLES * 5, TABLES * 18);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void theOrderOfUnconditionalRulesWithoutExpressionsDecidesNothing(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TABLES; i++) {
            List<Rule> rules = new ArrayList<>(rules(random));
            rules.removeIf(rule -> rule.match().conditional()
                || rule.match().name().filter(n -> n.form() == HostPattern.Form.EXPRESSION).isPresent());
            List<Rule> turned = new ArrayList<>(rules);
            Collections.shuffle(turned, random);
            assertThat(RuleChecks.check(turned, List.of())).isEmpty();
            ForwardingTable table = ForwardingTable.compile(new RuleSet("", rules));
            ForwardingTable other = ForwardingTable.compile(new RuleSet("", turned));

            assertThat(List.copyOf(other.listeners())).isEqualTo(List.copyOf(table.listeners()));
            for (int j = 0; j < 10 && !rules.isEmpty(); j++) {
                Prelude prelude = prelude(random);
                InetAddress client = IpLiterals.parse(any(CLIENTS, random)).orElseThrow();
                assertThat(other.listeners().iterator().next().route(prelude, client))
                    .isEqualTo(table.listeners().iterator().next().route(prelude, client));
            }
        }
    }

    private static void expectExplained(Explanation explanation, Decision decision) {
        assertThat(explanation.decision()).isEqualTo(decision);
        List<Rule> chosen = explanation.candidates().stream().filter(Explanation.Candidate::chosen).map(Explanation.Candidate::rule).toList();
        assertThat(chosen).isEqualTo(decision instanceof Decision.Routed to ? List.of(to.route().rule()) : List.of());
        assertThat(explanation.candidates()).allMatch(candidate -> candidate.reason().length() > 10);
    }

    private static String text(Decision decision) {
        return switch (decision) {
            case Decision.Routed routed -> routed.route().rule().name();
            case Decision.Refused refused -> refused.reason().code().toUpperCase(Locale.ROOT);
        };
    }

    /** Rules of one port that pass the checks. */
    private static List<Rule> rules(Random random) {
        List<Rule> rules = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            rules.add(Rule.of(i, "r" + i, List.of(PortRange.of(443)), match(random), TargetAddress.parse("10.0.0.1:1")));
            if (!RuleChecks.check(rules, List.of()).isEmpty()) {
                rules.removeLast();
            }
        }
        return rules;
    }

    private static Match match(Random random) {
        Match match = switch (random.nextInt(10)) {
            case 0 -> Match.ANY;
            case 1 -> Match.ofKind(Match.REST);
            case 2 -> Match.ofKind(any(List.of("tls", "http", "ssh"), random));
            default -> Match.ofName(random.nextInt(4) == 0 ? "http" : "tls", HostPattern.parse(any(PATTERNS, random)));
        };
        if (random.nextInt(3) == 0) {
            match = match.from(new SourceFilter(blocks(random), random.nextInt(3) == 0 ? blocks(random) : List.of()));
        }
        boolean tls = match.kind().equals(Optional.of("tls"));
        return tls && random.nextInt(3) == 0 ? match.offering(List.of(any(ALPN, random))) : match;
    }

    private static List<Cidr> blocks(Random random) {
        return random.ints(1 + random.nextInt(2), 0, BLOCKS.size()).mapToObj(i -> Cidr.parse(BLOCKS.get(i)).orElseThrow()).toList();
    }

    private static Prelude prelude(Random random) {
        String kind = any(List.of("tls", "tls", "tls", "http", "ssh", ""), random);
        boolean hasName = kind.equals("tls") || kind.equals("http");
        Optional<String> name = hasName && random.nextInt(6) > 0 ? Optional.of(any(NAMES, random)) : Optional.empty();
        List<String> alpn = kind.equals("tls") && random.nextBoolean() ? List.of(any(ALPN, random), any(ALPN, random)) : List.of();
        return new Prelude(kind, name, alpn, false);
    }

    private static String any(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
