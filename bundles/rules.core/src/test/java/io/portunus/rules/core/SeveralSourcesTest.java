// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.model.ForwardingTable;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.Offer;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.model.RuleCode;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.node.api.Publication;
import io.portunus.node.api.Publication.Why;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** What two sources come to: each has its rules in force, and where they are in each other's way, who has something keeps it. */
class SeveralSourcesTest {
    private static final String FILE = "file";
    private static final String EDGE = "edge-agent";

    private final FakeEngine engine = new FakeEngine();
    private final RulesInForce rules = new RulesInForce(engine, new RuleEvents(NOPLogger.NOP_LOGGER), InstantSource.system(), LastSets.nowhere());

    @Test
    void theRulesOfBothAreInForce() {
        assertThat(rules.publish(FILE, set("f1", rule("a", 80)))).isEqualTo(Publication.WELL);
        assertThat(rules.publish(EDGE, set("e1", rule("b", 81)))).isEqualTo(Publication.WELL);

        assertThat(inForce()).containsExactly("a 80", "b 81");
        assertThat(rules.current().orElseThrow().revision()).isEqualTo("file:f1 edge-agent:e1");
        assertThat(rules.sources()).extracting(its -> its.name() + " " + its.revision() + " " + its.rules() + " " + its.waiting())
            .containsExactly("file f1 1 0", "edge-agent e1 1 0");
    }

    @Test
    void aSetReplacesThatOfItsOwnSourceOnly() {
        rules.publish(FILE, set("f1", rule("a", 80), rule("b", 81)));
        rules.publish(EDGE, set("e1", rule("c", 82)));
        ForwardingTable before = engine.table();

        rules.publish(FILE, set("f2", rule("b", 91)));

        assertThat(inForce()).containsExactly("b 91", "c 82");
        assertThat(engine.table().listeners()).filteredOn(its -> its.key().port() == 82)
            .allSatisfy(its -> assertThat(its).isSameAs(before.listener(its.key()).orElseThrow()));
    }

    @Test
    void whoHasAPortKeepsItAndTheOtherIsReportedWithCodeAndPath() {
        rules.publish(EDGE, set("e1", rule("b", 80)));

        Publication publication = rules.publish(FILE, set("f1", rule("x", 90), rule("a", 80), rule("c", 82)));

        assertThat(publication.taken()).isTrue();
        assertThat(publication.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.rule()).isEqualTo("a");
            assertThat(answer.why()).isEqualTo(Why.CONFLICT);
            assertThat(answer.problem().code()).isEqualTo(ProblemCode.PORT_IN_USE);
            assertThat(answer.problem().path()).isEqualTo("rule[1].listen_port");
            assertThat(answer.problem().text()).contains("port 80 is already taken by rule 'b' of the source 'edge-agent'");
        });
        assertThat(inForce()).containsExactly("b 80", "x 90", "c 82");
        assertThat(rules.statuses()).extracting(its -> its.rule().name() + " " + its.state())
            .containsExactly("b ACTIVE", "x ACTIVE", "c ACTIVE", "a FAILED");
        assertThat(rules.degraded()).singleElement().satisfies(p -> assertThat(p.code()).isEqualTo(ProblemCode.PORT_IN_USE));
        assertThat(rules.ruleTimes()).hasSize(4);
    }

    @Test
    void aNameOrAnIdThatAnotherHasWaits() {
        rules.publish(EDGE, set("e1", rule("a", 80)));

        Publication sameName = rules.publish(FILE, set("f1", Rule.of(7, "a", List.of(PortRange.of(90)), Match.ANY, target())));
        Publication sameId = rules.publish(FILE, set("f2", Rule.of(id("a"), "z", List.of(PortRange.of(90)), Match.ANY, target())));

        assertThat(sameName.problems()).extracting(p -> p.code().code() + " " + p.path())
            .containsExactly(RuleCode.DUPLICATE_NAME.code() + " rule[0].name");
        assertThat(sameId.problems()).extracting(p -> p.code().code() + " " + p.path())
            .containsExactly(RuleCode.DUPLICATE_ID.code() + " rule[0].name");
        assertThat(inForce()).containsExactly("a 80");
    }

    @Test
    void whatWaitsComesIntoForceWhenTheWayIsFree() {
        rules.publish(EDGE, set("e1", rule("b", 80)));
        rules.publish(FILE, set("f1", rule("a", 80)));

        assertThat(rules.publish(EDGE, set("e2", rule("b", 81)))).isEqualTo(Publication.WELL);

        assertThat(inForce()).containsExactlyInAnyOrder("b 81", "a 80");
        assertThat(rules.statuses()).extracting(RuleStatus::state).containsOnly(State.ACTIVE);
        assertThat(rules.degraded()).isEmpty();
    }

    @Test
    void aRuleInForceKeepsItsPortWhateverElseItSets() {
        rules.publish(FILE, set("f1"));
        rules.publish(EDGE, set("e1", rule("b", 80)));
        rules.publish(FILE, set("f2", rule("a", 80)));

        rules.publish(EDGE, set("e2", rule("b", 80).withTargets(TargetGroup.of(TargetAddress.parse("other.test:1")))));

        assertThat(inForce()).containsExactly("b 80");
    }

    @Test
    void aRuleThatMovesToAPortThatAnotherHasWaits() {
        rules.publish(FILE, set("f1", rule("a", 80)));
        rules.publish(EDGE, set("e1", rule("b", 81)));

        Publication publication = rules.publish(FILE, set("f2", rule("a", 81)));

        assertThat(publication.answers()).singleElement().satisfies(answer -> assertThat(answer.rule()).isEqualTo("a"));
        assertThat(inForce()).containsExactly("b 81");
    }

    @Test
    void whatWasBlamedForOneThatYieldsItselfIsNot() {
        rules.publish(EDGE, set("e1", rule("b", 80)));

        rules.publish("other", set("o1", Rule.of(id("x"), "x", List.of(PortRange.of(80), PortRange.of(81)), Match.ANY, target())));
        rules.publish(FILE, set("f1", rule("a", 81)));

        assertThat(inForce()).containsExactlyInAnyOrder("b 80", "a 81");
    }

    @Test
    void aSetWithProblemsOfItsOwnChangesNothing() {
        rules.publish(EDGE, set("e1", rule("b", 80)));
        rules.publish(FILE, set("f1", rule("a", 81)));

        Publication publication = rules.publish(FILE, set("f2", rule("c", 82), rule("d", 82)));

        assertThat(publication.refused()).extracting(Problem::path).containsExactly("rule[1].listen_port");
        assertThat(inForce()).containsExactly("b 80", "a 81");
    }

    @Test
    void namesOfOnePortMayComeFromTwoSources() {
        rules.publish(FILE, set("f1", named("a", "a.test")));

        assertThat(rules.publish(EDGE, set("e1", named("b", "b.test")))).isEqualTo(Publication.WELL);
        assertThat(rules.publish("third", set("t1", named("c", "a.test"))).problems()).extracting(Problem::code)
            .containsExactly(RuleCode.SNI_ROUTE_DUPLICATE);
    }

    @Test
    void aKindThatNobodyRecognisesIsReportedByThePlaceInItsOwnSet() {
        rules.publish(FILE, set("f1", rule("a", 80), rule("b", 81)));
        engine.missing = Set.of(Offer.inspector(Protocol.TCP, "htttp"));

        Publication publication = rules.publish(EDGE, set("e1", Rule.of(9, "typo", List.of(PortRange.of(90)), Match.ofKind("htttp"), target())));

        assertThat(publication.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.why()).isEqualTo(Why.UNRECOGNISED);
            assertThat(answer.problem().path()).isEqualTo("rule[0].match.kind");
        });
    }

    @Test
    void manyConflictsAreFoundAtOnce() {
        List<Rule> held = new ArrayList<>();
        List<Rule> wanted = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            held.add(rule("h" + i, 1000 + i));
            wanted.add(rule("w" + i, 1250 + i));
        }
        rules.publish(EDGE, new RuleSet("e1", held));

        Publication publication = rules.publish(FILE, new RuleSet("f1", wanted));

        assertThat(publication.answers()).hasSize(250);
        assertThat(rules.current().orElseThrow().rules()).hasSize(750);
    }

    @Test
    void thereIsABoundOfSources() {
        for (int i = 0; i < RulesInForce.MAX_SOURCES; i++) {
            assertThat(rules.publish("s" + i, set("r")).taken()).isTrue();
        }

        assertThat(rules.publish("more", set("r")).taken()).isFalse();
        assertThatThrownBy(() -> rules.publish("../x", set("r"))).isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> inForce() {
        return rules.current().orElseThrow().rules().stream().map(its -> its.name() + " " + its.listen().getFirst()).toList();
    }

    private static RuleSet set(String revision, Rule... rules) {
        return new RuleSet(revision, List.of(rules));
    }

    private static long id(String name) {
        return name.hashCode() + 1000L;
    }

    private static TargetAddress target() {
        return TargetAddress.parse("t.test:1");
    }

    private static Rule named(String name, String host) {
        return Rule.of(id(name), name, List.of(PortRange.of(443)), Match.ofSni(Optional.of(HostPattern.parse(host))), target());
    }

    private static Rule rule(String name, int port) {
        return Rule.of(id(name), name, List.of(PortRange.of(port)), Match.ANY, target());
    }
}
