// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Governance;
import io.portunus.model.PolicySettings;
import io.portunus.model.Rule;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What surfaces see of policies, and what the engine counts of them. */
class EngineLimitsTest extends EngineSetup {
    private static final String BUNDLE = "x.policy";
    private static final CloseReason FULL = new CloseReason("x.full", CloseReason.Side.SELF, "It is full.");
    private static final Rule RULE = rule("a", 1, "").withGovernance(
        new Governance(Optional.empty(), Map.of(), Map.of("one", new PolicySettings(Map.of("most", 3L)))));

    private void limits(FakePolicy policy) {
        comes(policy, Post.policy(policy.kind()), BUNDLE, "1.0.0");
    }

    private StreamFlow flow() {
        if (handler.flows.isEmpty()) {
            run(handler, "1.2.3");
            apply(RULE);
        }
        transport.connectTo(1);
        return handler.flows.getLast();
    }

    private LimitView only() {
        List<LimitView> views = engine.policyLimits();
        assertThat(views).hasSize(1);
        return views.getFirst();
    }

    private static FakePolicy refusing() {
        FakePolicy policy = new FakePolicy("one", its -> new Admission.Refused(FULL));
        policy.reasons = List.of(FULL, CloseReason.EVICTED);
        return policy;
    }

    @Test
    void ruleShowsWhatItSetsWhoeverServes() {
        apply(RULE, rule("b", 2, ""));

        LimitView view = only();
        assertThat(view.policy() + " " + view.scope() + " " + view.name() + " " + view.ruleId()).isEqualTo("one rule a " + RULE.idText());
        assertThat(view.set()).isEqualTo(Map.of("most", 3L));
        assertThat(view.use()).isEmpty();
        assertThat(view.counts()).isEqualTo(LimitCounts.NONE);
    }

    @Test
    void refusalsAreCountedByReasonAndTheLastIsKnown() {
        limits(refusing());
        for (int i = 0; i < 3; i++) {
            StreamFlow flow = flow();
            assertThat(flow.admit()).contains(FULL);
            flow.closed(FULL);
        }

        LimitCounts counts = only().counts();
        assertThat(counts.refused()).isEqualTo(Map.of(FULL, 3L, CloseReason.EVICTED, 0L));
        assertThat(counts.last().orElseThrow().reason()).isEqualTo(FULL);
        assertThat(counts.last().orElseThrow().client()).isEqualTo("127.0.0.1");
    }

    @Test
    void countsOutliveThePolicyAndGoWithTheRule() {
        FakePolicy policy = refusing();
        limits(policy);
        flow().admit();

        engine.goes(policy);
        assertThat(only().counts().refused()).isEqualTo(Map.of(FULL, 1L));
        limits(refusing());
        assertThat(only().counts().refused()).containsEntry(FULL, 1L);

        apply();
        apply(RULE);
        assertThat(only().counts().refused()).containsEntry(FULL, 0L);
    }

    @Test
    void policyShowsHowMuchIsUsedAndLimitsThatAreNoRules() {
        FakePolicy policy = refusing();
        LimitRow owner = new LimitRow("owner", "acme", Map.of("most", 7L), Map.of("open", 5L), LimitCounts.NONE);
        policy.shows = request -> List.of(owner, LimitRow.ofRule(request.rules().getFirst().name(), Map.of("open", 2L)),
            LimitRow.ofRule("of nobody", Map.of()));
        limits(policy);
        apply(RULE, rule("b", 2, ""));

        assertThat(engine.policyLimits()).extracting(LimitView::scope, LimitView::name, LimitView::use, LimitView::ofRule).containsExactly(
            tuple("rule", "a", Map.of("open", 2L), true),
            tuple("owner", "acme", Map.of("open", 5L), false));
    }

    @Test
    void policyThatThrowsOrShowsNonsenseCostsNoMoreThanItsUse() {
        FakePolicy policy = refusing();
        limits(policy);
        flow().admit();
        Map<String, Long> many = IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "n" + i, i -> 1L));
        List<List<LimitRow>> nonsense = List.of(Collections.singletonList(null), List.of(LimitRow.ofRule("a", many)),
            List.of(new LimitRow("", "a", Map.of(), Map.of(), LimitCounts.NONE)));

        policy.shows = request -> {
            throw new IllegalStateException("as the test requires");
        };
        assertThat(only().counts().refused()).containsEntry(FULL, 1L);
        for (List<LimitRow> answer : nonsense) {
            policy.shows = request -> answer;
            assertThat(only().use()).isEmpty();
        }
        assertThat(guard.standing(BUNDLE, "1.0.0").faults()).isEqualTo(4);
        assertThat(flow().admit()).as("it is asked about flows as before").contains(FULL);
    }

    @Test
    void policyThatHangsKeepsNoSurfaceForEver() {
        CountDownLatch never = new CountDownLatch(1);
        FakePolicy policy = refusing();
        policy.shows = request -> {
            try {
                never.await();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            return List.of(LimitRow.ofRule("a", Map.of("open", 2L)));
        };
        limits(policy);
        apply(RULE);

        assertThat(only().use()).isEmpty();
        assertThat(only().set()).isEqualTo(Map.of("most", 3L));
    }

    @Test
    void rowsThatAreNoRulesAreBounded() {
        FakePolicy policy = refusing();
        LimitRow source = new LimitRow("source", "192.0.2.1", Map.of(), Map.of(), LimitCounts.NONE);
        policy.shows = request -> Collections.nCopies(Policy.MOST_ROWS + 500, source);
        limits(policy);
        apply(RULE);

        assertThat(engine.policyLimits()).hasSize(1 + Policy.MOST_ROWS);
    }

    @Test
    void waitsAreCountedEachWayByFlowByRuleAndInTheRecord() {
        FakeBudget in = new FakeBudget(10);
        limits(FakePolicy.granting("one", in, new FakeBudget(10)));
        sink(new Records(records));
        StreamFlow flow = flow();
        flow.admit();
        flow.budgetIn().grant(10, () -> { });
        assertThat(only().counts().heldBack()).isEqualTo(HeldBack.NONE);

        flow.budgetIn().grant(10, () -> { });
        loop.pass(Duration.ofSeconds(3));
        flow.budgetIn().grant(10, () -> { });
        in.left = 10;
        flow.budgetIn().grant(10, () -> { });
        loop.pass(Duration.ofSeconds(60));

        HeldBack held = engine.flows().getFirst().heldBack().orElseThrow();
        assertThat(held.in()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(50));
        assertThat(held.out()).isZero();
        assertThat(only().counts().heldBack()).isEqualTo(held);
        flow.closed(CloseReason.COMPLETED);
        assertThat(records.getFirst().heldBackInNanos()).isEqualTo(held.in().toNanos());
        assertThat(records.getFirst().heldBackOutNanos()).isZero();
    }

    @Test
    void flowThatEndsWhileItWaitsHasWaitedUntilThen() {
        limits(FakePolicy.granting("one", Budget.UNLIMITED, new FakeBudget(0)));
        sink(new Records(records));
        StreamFlow flow = flow();
        flow.admit();
        flow.budgetOut().grant(10, () -> { });
        loop.pass(Duration.ofSeconds(5));
        flow.closed(CloseReason.KILLED);

        FlowRecord record = records.getFirst();
        assertThat(record.heldBackOutNanos()).isBetween(Duration.ofSeconds(5).toNanos(), record.totalNanos());
        assertThat(only().counts().heldBack().out()).isEqualTo(Duration.ofNanos(record.heldBackOutNanos()));
    }

    @Test
    void timeOfTwoPoliciesThatLetItWaitByTurnsIsEachItsOwn() {
        FakeBudget first = new FakeBudget(0);
        FakeBudget second = new FakeBudget(0);
        limits(FakePolicy.granting("one", first, Budget.UNLIMITED));
        comes(FakePolicy.granting("two", second, Budget.UNLIMITED), Post.policy("two"), BUNDLE, "1.0.0");
        StreamFlow flow = flow();
        flow.admit();
        flow.budgetIn().grant(10, () -> { });
        loop.pass(Duration.ofSeconds(100));
        boolean firstBegan = !first.waiting.isEmpty();
        (firstBegan ? first : second).left = 10;
        flow.budgetIn().grant(10, () -> { });
        loop.pass(Duration.ofSeconds(1000));
        first.left = 10;
        second.left = 10;
        flow.budgetIn().grant(10, () -> { });

        Duration ofOne = only().counts().heldBack().in();
        Duration ofAll = engine.flows().getFirst().heldBack().orElseThrow().in();
        assertThat(ofAll).isBetween(Duration.ofSeconds(1100), Duration.ofSeconds(1150));
        assertThat(ofOne).isBetween(Duration.ofSeconds(firstBegan ? 100 : 1000), Duration.ofSeconds(firstBegan ? 150 : 1050));
    }

    @Test
    void flowThatNothingLimitsHasNoSuchTime() {
        limits(FakePolicy.granting("one", Budget.UNLIMITED, Budget.UNLIMITED));
        sink(new Records(records));
        StreamFlow flow = flow();
        flow.admit();
        assertThat(engine.flows().getFirst().heldBack()).isEmpty();
        flow.closed(CloseReason.COMPLETED);

        assertThat(records.getFirst().heldBackInNanos()).isEqualTo(FlowRecord.NOT_REACHED);
    }
}
