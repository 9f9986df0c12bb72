// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.ForwardingTable;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import io.portunus.node.api.RuleTimes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

class RulesInForceTest {
    private final FakeEngine engine = new FakeEngine();
    private Instant now = Instant.EPOCH;
    private final ArrayDeque<SubstituteLoggingEvent> logged = new ArrayDeque<>();
    private final RulesInForce rules = new RulesInForce(engine, new RuleEvents(new SubstituteLogger("test", logged, false)), () -> now,
        LastSets.nowhere());

    @Test
    void beforeTheFirstSetThereIsNothing() {
        assertThat(rules.current()).isEmpty();
        assertThat(rules.statuses()).isEmpty();
    }

    @Test
    void aGoodSetIsAppliedAndActive() {
        RuleSet set = set("r1", rule("a", 80, true), rule("b", 81, false));

        assertThat(publish(set)).isEmpty();

        assertThat(rules.current()).contains(set);
        assertThat(engine.table().rules()).isEqualTo(set);
        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.ACTIVE, State.DISABLED);
        assertThat(events()).isEqualTo("rule.activated a");
    }

    @Test
    void aSetWithProblemsChangesNothing() {
        publish(set("r1", rule("a", 80, true)));
        logged.clear();

        List<Problem> problems = publish(set("r2", rule("a", 80, true), rule("b", 80, true)));

        assertThat(problems).extracting(p -> p.code().code()).containsExactly("port_in_use");
        assertThat(rules.current().orElseThrow().revision()).isEqualTo("r1");
        assertThat(engine.applied).hasSize(1);
        assertThat(events()).isEmpty();
    }

    private RuleTimes times(String name) {
        return Objects.requireNonNull(rules.ruleTimes().get(rule(name, 80, true).id()));
    }

    @Test
    void reportsWhenARuleCameAndWhenItsStateChanged() {
        publish(set("r1", rule("a", 80, true)));
        at(10);
        publish(set("r2", rule("b", 81, true), rule("a", 80, false)));

        assertThat(times("a")).isEqualTo(new RuleTimes(Instant.EPOCH, Instant.ofEpochSecond(10)));
        assertThat(times("b")).isEqualTo(new RuleTimes(Instant.ofEpochSecond(10), Instant.ofEpochSecond(10)));
        at(20);
        publish(set("r3", rule("b", 82, true)));
        assertThat(times("b")).isEqualTo(new RuleTimes(Instant.ofEpochSecond(10), Instant.ofEpochSecond(20)));
        assertThat(rules.ruleTimes()).hasSize(1);
        at(30);
        publish(set("r4", rule("a", 80, true)));
        assertThat(times("a")).isEqualTo(new RuleTimes(Instant.ofEpochSecond(30), Instant.ofEpochSecond(30)));
    }

    @Test
    void kindThatNobodyRecognisesAnyMoreChangesTheStateOfItsRules() {
        publish(set("r1", rule("a", 80, true), typo("b", 81)));
        at(10);
        engine.missing = Set.of(Offer.inspector(Protocol.TCP, "htttp"));
        assertThat(times("b").stateSince()).isEqualTo(Instant.ofEpochSecond(10));
        at(20);
        assertThat(times("b").stateSince()).isEqualTo(Instant.ofEpochSecond(10));
        engine.missing = Set.of();
        assertThat(times("b").stateSince()).isEqualTo(Instant.ofEpochSecond(20));
        assertThat(times("a").stateSince()).isEqualTo(Instant.EPOCH);
    }

    private void at(long second) {
        now = Instant.ofEpochSecond(second);
        engine.bound = now;
    }

    @Test
    void ruleOfAKindThatNobodyRecognisesFailsAlone() {
        publish(set("r1", rule("a", 80, true)));
        logged.clear();
        engine.missing = Set.of(Offer.inspector(Protocol.TCP, "htttp"));

        List<Problem> problems = publish(set("r2", rule("a", 80, true), typo("b", 81)));

        assertThat(problems).singleElement().satisfies(p -> {
            assertThat(p.code().code()).isEqualTo("no_handler");
            assertThat(p.path()).isEqualTo("rule[1].match.kind");
            assertThat(p.text()).contains("'b'").endsWith("did you mean 'http'?");
        });
        assertThat(rules.current().orElseThrow().revision()).isEqualTo("r2");
        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.ACTIVE, State.FAILED);
        assertThat(events()).isEqualTo("rule.failed b");
        engine.missing = Set.of();
        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.ACTIVE, State.ACTIVE);
    }

    @Test
    void atTheStartAKindMayStillCome() {
        engine.missing = Set.of(Offer.inspector(Protocol.TCP, "htttp"));

        publish(set("r1", typo("b", 81)));

        assertThat(events()).isEqualTo("rule.activated b");
    }

    private static Rule typo(String name, int port) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ofKind("htttp"), TargetAddress.parse("t.test:1"));
    }

    @Test
    void theSetInForceIsNotAppliedAgain() {
        publish(set("r1", rule("a", 80, true)));
        logged.clear();

        assertThat(publish(set("r1", rule("a", 80, true)))).isEmpty();

        assertThat(engine.applied).hasSize(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void aListenerThatFailedIsTriedAgainWithTheSameSet() {
        engine.refused.add(80);
        RuleSet set = set("r1", rule("a", 80, true), rule("b", 81, true));

        List<Problem> first = publish(set);
        List<Problem> second = publish(set);
        engine.refused.clear();
        List<Problem> third = publish(set);
        publish(set);

        assertThat(first).hasSize(1).isEqualTo(second);
        assertThat(third).isEmpty();
        assertThat(engine.applied).hasSize(3);
        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.ACTIVE, State.ACTIVE);
        assertThat(events()).isEqualTo("rule.failed a, rule.activated b, rule.activated a");
    }

    @Test
    void aListenerThatCannotBeBoundFailsItsRuleOnly() {
        engine.refused.add(80);

        publish(set("r1", rule("a", 80, true), rule("b", 81, true)));

        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.FAILED, State.ACTIVE);
        assertThat(rules.statuses().getFirst().problems()).singleElement().satisfies(p -> assertThat(p.path()).isEqualTo("listen *:80"));
        assertThat(events()).isEqualTo("rule.failed a, rule.activated b");
    }

    @Test
    void onlyWhatChangedIsLogged() {
        publish(set("r1", rule("a", 80, true), rule("b", 81, true), rule("c", 82, true)));
        logged.clear();

        publish(set("r2", rule("a", 80, true), rule("b", 91, true), rule("c", 82, false), rule("d", 83, true)));

        assertThat(events()).isEqualTo("rule.activated b, rule.activated d, rule.removed c");
    }

    @Test
    void aChangeOfOneRuleLeavesTheListenersOfTheOthers() {
        publish(set("r1", rule("a", 80, true), rule("b", 81, true), rule("c", 82, true)));
        ForwardingTable first = engine.table();
        logged.clear();

        publish(set("r2", rule("a", 80, true), rule("b", 91, true), rule("c", 82, true)));

        assertThat(engine.table().rules()).isEqualTo(set("r2", rule("a", 80, true), rule("b", 91, true), rule("c", 82, true)));
        assertThat(engine.table().listeners()).hasSize(3).filteredOn(l -> l.key().port() != 91)
            .allSatisfy(l -> assertThat(l).isSameAs(first.listener(l.key()).orElseThrow()));
        assertThat(events()).isEqualTo("rule.activated b");
    }

    @Test
    void aListenerThatFailsBesideAChangeIsReportedOnceAndOnlyThen() {
        publish(set("r1", rule("a", 80, true), rule("b", 81, true)));
        engine.refused.add(90);
        logged.clear();

        assertThat(publish(set("r2", rule("a", 80, true), rule("b", 90, true)))).hasSize(1);
        assertThat(publish(set("r3", rule("a", 83, true), rule("b", 90, true)))).hasSize(1);

        assertThat(rules.statuses()).extracting(RuleStatus::state).containsExactly(State.ACTIVE, State.FAILED);
        assertThat(events()).isEqualTo("rule.failed b, rule.activated a");
    }

    @Test
    void anEmptySetRemovesEverything() {
        publish(set("r1", rule("a", 80, true)));

        assertThat(publish(set("r2"))).isEmpty();

        assertThat(engine.table().listeners()).isEmpty();
        assertThat(events()).isEqualTo("rule.activated a, rule.removed a");
    }

    private List<Problem> publish(RuleSet set) {
        return rules.publish("file", set).problems();
    }

    private String events() {
        return logged.stream().map(e -> word(e, "event") + " " + word(e, "rule_name")).collect(Collectors.joining(", "));
    }

    /** The substitute logger flattens key-values into the message. */
    private static String word(SubstituteLoggingEvent event, String key) {
        Matcher matcher = Pattern.compile("\\b" + key + "=(\\S+)").matcher(event.getMessage());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static RuleSet set(String revision, Rule... rules) {
        return new RuleSet(revision, List.of(rules));
    }

    private static Rule rule(String name, int port, boolean enabled) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ANY, TargetAddress.parse("10.0.0.1:9000")).withEnabled(enabled);
    }
}
