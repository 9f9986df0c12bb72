// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleDifference.Edit;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random edits of sets whose rules meet: what is derived from the difference is what the newer set alone would give. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RuleDifferenceTest {
    private static final List<Reserved> RESERVED = List.of(new Reserved("the admin surface", ListenKey.tcp(Optional.empty(), 90)));
    private static final List<String> NAMES = List.of("a.t.test", "b.t.test", "c.t.test", "a.b.t.test", "*.t.test", "*.b.t.test", "**.t.test",
        "**.b.t.test", "~a.*", "~.*t.test");
    private static final List<String> ASKED = List.of("a.t.test", "b.t.test", "c.t.test", "a.b.t.test", "x.b.t.test", "y.x.b.t.test", "t.test");
    private static final List<String> BINDS = List.of("", "", "", "127.0.0.1", "127.0.0.2", "0.0.0.0", "::");
    private static final List<String> PORTS = List.of("80", "80", "80", "81", "80,81", "90", "80-81", "82-84");
    private static final List<String> CLIENTS = List.of("10.0.0.1", "192.0.2.1", "2001:db8::1");
    private static final List<String> BLOCKS = List.of("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32");
    private static final int SETS = 40;
    private static final int EDITS = 25;

    private long nextId;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aDerivedTableIsTheCompiledOneAndNoProblemIsOverlooked(long seed) {
        Random random = new Random(seed);
        int decided = 0;
        int harmful = 0;
        for (int i = 0; i < SETS; i++) {
            ForwardingTable table = ForwardingTable.compile(new RuleSet("0", start(random, i % 2 == 0)));
            for (int j = 0; j < EDITS; j++) {
                RuleSet after = new RuleSet("" + j, edited(table.rules().rules(), random));
                RuleDifference change = RuleDifference.between(table.rules(), after);
                expectEverything(change);
                boolean certain = new HarmlessChange(table, change).certain(RESERVED);
                List<Problem> problems = RuleChecks.check(after.rules(), RESERVED);

                assertThat(RuleChecks.check(table, change, RESERVED)).isEqualTo(problems);
                if (certain) {
                    assertThat(problems).as("%s to %s", table.rules(), after).isEmpty();
                    decided++;
                }
                if (problems.isEmpty()) {
                    table = expectCompiled(table, change, random);
                } else {
                    harmful++;
                }
            }
        }
        assertThat(decided).isGreaterThan(SETS * EDITS / 8);
        assertThat(harmful).isGreaterThan(SETS * EDITS / 20);
    }

    /** Rules without an edit are equal in both sets, and follow each other in the same order; with an edit, a rule has one. */
    private static void expectEverything(RuleDifference change) {
        Set<Long> edited = change.edits().stream().map(edit -> edit.newer().or(edit::older).orElseThrow().id()).collect(Collectors.toSet());
        assertThat(edited).hasSize(change.edits().size());
        assertThat(others(change.after(), edited)).isEqualTo(others(change.before(), edited));
        assertThat(change.edits()).allSatisfy(edit -> {
            assertThat(edit.older().isPresent()).isEqualTo(ids(change.before()).contains(edit.newer().or(edit::older).orElseThrow().id()));
            edit.newer().ifPresent(rule -> assertThat(change.after().rules().get(edit.place())).isSameAs(rule));
        });
        List<Long> stayed = ids(change.before()).stream().filter(ids(change.after())::contains).toList();
        assertThat(change.inOrder()).isEqualTo(ids(change.after()).stream().filter(stayed::contains).toList().equals(stayed));
    }

    private static List<Rule> others(RuleSet set, Set<Long> ids) {
        return set.rules().stream().filter(rule -> !ids.contains(rule.id())).toList();
    }

    private static List<Long> ids(RuleSet set) {
        return set.rules().stream().map(Rule::id).toList();
    }

    private static Timeouts peek(int seconds) {
        Timeouts all = Timeouts.DEFAULT;
        return new Timeouts(Duration.ofSeconds(seconds), all.connectAttempt(), all.connect(), all.idle(), all.halfClosed(), all.lifetime(),
            all.drain());
    }

    private static ForwardingTable expectCompiled(ForwardingTable last, RuleDifference change, Random random) {
        ForwardingTable derived = last.with(change);
        ForwardingTable compiled = ForwardingTable.compile(change.after());

        assertThat(derived.rules()).isEqualTo(change.after());
        assertThat(List.copyOf(derived.listeners())).isEqualTo(List.copyOf(compiled.listeners()));
        assertThat(derived.claims(RuleDifference.between(derived.rules(), derived.rules())))
            .isEqualTo(compiled.claims(RuleDifference.between(derived.rules(), derived.rules())));
        for (Listener expected : compiled.listeners()) {
            Listener listener = derived.listener(expected.key()).orElseThrow();
            assertThat(listener.rules()).isEqualTo(expected.rules());
            assertThat(listener.routes()).containsExactlyInAnyOrderElementsOf(expected.routes());
            assertThat(Arrays.asList(listener.peek(), listener.inspects(), listener.proxyTrust(), listener.transport(), listener.tuning(),
                listener.writesProxyHeader(), listener.silence(), listener.layers())).isEqualTo(Arrays.asList(expected.peek(),
                expected.inspects(), expected.proxyTrust(), expected.transport(), expected.tuning(), expected.writesProxyHeader(),
                expected.silence(), expected.layers()));
            for (int i = 0; i < 8; i++) {
                Prelude prelude = prelude(random);
                InetAddress client = IpLiterals.parse(any(CLIENTS, random)).orElseThrow();
                assertThat(listener.route(prelude, client)).isEqualTo(expected.route(prelude, client));
            }
            if (!change.keys().contains(expected.key())) {
                assertThat(listener).isSameAs(last.listener(expected.key()).orElseThrow());
            }
        }
        return derived;
    }

    @Test
    void oneRuleOfManyTouchesItsListenerAlone() {
        List<Rule> rules = IntStream.range(0, 200).mapToObj(i -> plain("r" + i, 1000 + i)).toList();
        ForwardingTable table = ForwardingTable.compile(new RuleSet("1", rules));
        List<Rule> others = new ArrayList<>(rules);
        others.set(70, others.get(70).withTimeouts(peek(9)));
        RuleDifference change = RuleDifference.between(table.rules(), new RuleSet("2", others));

        ForwardingTable next = table.with(change);

        assertThat(change.edits()).singleElement().satisfies(edit -> assertThat(edit.place()).isEqualTo(70));
        assertThat(next.listener(ListenKey.tcp(Optional.empty(), 1070)).orElseThrow().peek()).isEqualTo(Duration.ofSeconds(9));
        assertThat(next.listeners()).hasSize(200).filteredOn(l -> l.key().port() != 1070)
            .allSatisfy(l -> assertThat(l).isSameAs(table.listener(l.key()).orElseThrow()));
    }

    @Test
    void equalRulesStayTheObjectsOfTheOlderSet() {
        RuleSet before = new RuleSet("1", List.of(plain("a", 80), plain("b", 81), plain("c", 82)));
        RuleSet after = new RuleSet("2", List.of(plain("a", 80), plain("b", 91), plain("c", 82)));

        RuleDifference change = RuleDifference.between(before, after);

        assertThat(change.after()).isEqualTo(after);
        assertThat(change.after().rules().getFirst()).isSameAs(before.rules().getFirst());
        assertThat(change.after().rules().get(1)).isSameAs(after.rules().get(1));
        assertThat(change.after().rules().getLast()).isSameAs(before.rules().getLast());
    }

    @Test
    void reportsWhatCameAndWentAtItsPlace() {
        RuleSet before = new RuleSet("1", List.of(plain("a", 80), plain("b", 81), plain("c", 82), plain("d", 83)));
        RuleSet after = new RuleSet("2", List.of(plain("x", 70), plain("a", 80), plain("c", 82), plain("d", 93), plain("y", 71)));

        List<Edit> edits = RuleDifference.between(before, after).edits();

        assertThat(edits.stream().map(edit -> edit.place() + edit.older().map(r -> " -" + r.name()).orElse("")
            + edit.newer().map(r -> " +" + r.name()).orElse(""))).containsExactly("0 +x", "2 -b", "3 -d +d", "4 +y");
    }

    @Test
    void anotherOrderAndManyEditsAreReported() {
        List<Rule> rules = IntStream.range(0, 200).mapToObj(i -> plain("r" + i, 1000 + i)).toList();
        List<Rule> turned = new ArrayList<>(rules);
        Collections.swap(turned, 3, 5);
        List<Rule> many = IntStream.range(0, 200).mapToObj(i -> i < 65 ? plain("r" + i, 2000 + i) : rules.get(i)).toList();
        RuleSet before = new RuleSet("1", rules);

        assertThat(List.of(turned, many, List.<Rule>of())).allSatisfy(after -> {
            RuleDifference change = RuleDifference.between(before, new RuleSet("2", after));

            expectEverything(change);
            assertThat(List.copyOf(ForwardingTable.compile(before).with(change).listeners()))
                .isEqualTo(List.copyOf(ForwardingTable.compile(new RuleSet("2", after)).listeners()));
        });
    }

    @Test
    void aSecondRuleOfAnIdOrANameIsNotOverlooked() {
        List<Rule> rules = List.of(plain("a", 80), plain("b", 81));
        ForwardingTable table = ForwardingTable.compile(new RuleSet("1", rules));
        Rule sameName = Rule.of(7, "a", List.of(PortRange.of(82)), Match.ANY, TargetAddress.parse("10.0.0.1:9000"));
        Rule sameId = Rule.of(rules.getFirst().id(), "c", List.of(PortRange.of(82)), Match.ANY, TargetAddress.parse("10.0.0.1:9000"));

        assertThat(problems(table, sameName)).extracting(Problem::code).containsExactly(RuleCode.DUPLICATE_NAME);
        assertThat(problems(table, sameId)).extracting(Problem::code).containsExactly(RuleCode.DUPLICATE_ID);
    }

    private static List<Problem> problems(ForwardingTable table, Rule another) {
        List<Rule> more = new ArrayList<>(table.rules().rules());
        more.add(another);
        return RuleChecks.check(table, RuleDifference.between(table.rules(), new RuleSet("2", more)), List.of());
    }

    private static Rule plain(String name, int port) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ANY, TargetAddress.parse("10.0.0.1:9000"));
    }

    /** Rules that pass the checks; of half the sets all are on one port, by name. */
    private List<Rule> start(Random random, boolean byName) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            Rule rule = rule(random);
            rules.add(byName ? with(rule, "", "80", Match.ofName("tls", HostPattern.parse(any(NAMES, random)))) : rule);
            if (!RuleChecks.check(rules, RESERVED).isEmpty()) {
                rules.removeLast();
            }
        }
        return rules;
    }

    private List<Rule> edited(List<Rule> rules, Random random) {
        List<Rule> next = new ArrayList<>(rules);
        int edits = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
        for (int i = 0; i < edits; i++) {
            int place = next.isEmpty() ? 0 : random.nextInt(next.size());
            switch (next.isEmpty() ? 0 : random.nextInt(12)) {
                case 0, 1 -> next.add(place, rule(random));
                case 2 -> next.add(place, with(rule(random), "", "80", Match.ofName("tls", HostPattern.parse(any(NAMES, random)))));
                case 3, 4 -> next.remove(place);
                case 5 -> next.add(random.nextInt(next.size()), next.remove(place));
                case 6 -> next.set(place, next.get(place).withEnabled(!next.get(place).enabled()));
                case 7 -> next.set(place, varied(next.get(place), rule(random)));
                case 8 -> next.set(place, renamed(next.get(place), random.nextBoolean() ? "r" + nextId++ : next.getFirst().name()));
                default -> next.set(place, to(next.get(place), random));
            }
        }
        return next;
    }

    private static Rule with(Rule rule, String bind, String ports, Match match) {
        return new Rule(rule.id(), rule.name(), "", rule.enabled(), IpLiterals.parse(bind), ranges(ports), match, rule.targets(), rule.timeouts(),
            rule.sockets(), rule.proxyTrust());
    }

    /** The rule with the ports, the match, or the transport of another. */
    private static Rule varied(Rule rule, Rule other) {
        return switch ((int) (other.id() % 4)) {
            case 0 -> with(rule, "", other.listen().getFirst().toString(), rule.match());
            case 1 -> new Rule(rule.id(), rule.name(), "", rule.enabled(), rule.bind(), rule.listen(), rule.match().from(other.match().sources()),
                rule.targets(), rule.timeouts(), rule.sockets(), rule.proxyTrust());
            case 2 -> new Rule(rule.id(), rule.name(), "", rule.enabled(), rule.bind(), rule.listen(), other.match(), rule.targets(),
                rule.timeouts(), rule.sockets(), rule.proxyTrust());
            default -> new Rule(rule.id(), rule.name(), "", rule.enabled(), rule.bind(), rule.listen(), rule.match(), rule.targets(),
                rule.timeouts(), other.sockets(), other.proxyTrust());
        };
    }

    private static Rule renamed(Rule rule, String name) {
        return new Rule(rule.id(), name, "", rule.enabled(), rule.bind(), rule.listen(), rule.match(), rule.targets(), rule.timeouts(),
            rule.sockets(), rule.proxyTrust());
    }

    /** The rule to another target, with another limit. */
    private static Rule to(Rule rule, Random random) {
        TargetAddress address = TargetAddress.parse("10.0.0." + random.nextInt(9) + ":" + any(List.of("1", "2", "1-2"), random));
        Optional<ProxyHeader> header = random.nextInt(3) == 0 ? Optional.of(ProxyHeader.of(ProxyHeader.Version.V2)) : Optional.empty();
        return rule.withTargets(rule.targets().with(List.of(new Target(address, 0, 1, 0, header, false))))
            .withTimeouts(peek(1 + random.nextInt(3)));
    }

    private Rule rule(Random random) {
        long id = nextId++;
        String ports = any(PORTS, random);
        Match match = match(random);
        Rule rule = Rule.of(id, random.nextInt(30) == 0 ? "r1" : "r" + id, ranges(ports), match, TargetAddress.parse("10.0.0.1:1"));
        Optional<String> transport = random.nextInt(8) == 0 ? Optional.of("epoll") : Optional.empty();
        Rule full = new Rule(id, rule.name(), "", random.nextInt(6) > 0, IpLiterals.parse(any(BINDS, random)), rule.listen(), match, rule.targets(),
            rule.timeouts(), new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), transport, layers(random)),
            random.nextInt(8) == 0 ? Optional.of(new ProxyTrust(blocks(random), Duration.ofSeconds(1))) : Optional.empty());
        Rule either = full.withProtocols(random.nextInt(3) == 0 ? Protocols.TCP_AND_UDP : Protocols.TCP);
        return ports.contains("-") ? either : to(either, random);
    }

    private static Layers layers(Random random) {
        return random.nextInt(12) == 0 ? new Layers(Optional.of(any(List.of("one", "two"), random)), Optional.empty()) : Layers.NONE;
    }

    private static List<PortRange> ranges(String ports) {
        return Arrays.stream(ports.split(",", -1)).map(PortRange::parse).toList();
    }

    private static Match match(Random random) {
        Match match = switch (random.nextInt(9)) {
            case 0, 1 -> Match.ANY;
            case 2 -> Match.ofKind(Match.REST);
            case 3 -> Match.ofKind(any(List.of("tls", "http", "ssh"), random));
            default -> Match.ofName(random.nextInt(5) == 0 ? "http" : "tls", HostPattern.parse(any(NAMES, random)));
        };
        if (random.nextInt(4) == 0) {
            match = match.from(new SourceFilter(blocks(random), List.of()));
        }
        boolean tls = match.kind().equals(Optional.of("tls"));
        return tls && random.nextInt(4) == 0 ? match.offering(List.of(any(List.of("h2", "http/1.1"), random))) : match;
    }

    private static List<Cidr> blocks(Random random) {
        return List.of(Cidr.parse(any(BLOCKS, random)).orElseThrow());
    }

    private static Prelude prelude(Random random) {
        String kind = any(List.of("tls", "tls", "tls", "http", "ssh", ""), random);
        boolean hasName = kind.equals("tls") || kind.equals("http");
        Optional<String> name = hasName && random.nextInt(6) > 0 ? Optional.of(any(ASKED, random)) : Optional.empty();
        return new Prelude(kind, name, kind.equals("tls") && random.nextBoolean() ? List.of("h2") : List.of(), false);
    }

    private static String any(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
