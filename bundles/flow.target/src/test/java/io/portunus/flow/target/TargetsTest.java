// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.State;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final String A = "192.0.2.1:80";
    private static final String B = "192.0.2.2:80";
    private static final String C = "192.0.2.3:80";

    private final World world = new World();

    @AfterEach
    void stop() {
        world.targets.stop();
    }

    private static TargetGroup abc(Pick pick) {
        return World.group(pick, World.target(A), World.target(B), World.target(C));
    }

    private static TargetGroup probed(TargetGroup its) {
        Probe never = new Probe(new Probe.Ask.Tcp(), Duration.ofHours(1), Duration.ofSeconds(1), 2, 3, OptionalInt.empty(), false);
        return World.healthy(its, HealthPolicy.DEFAULT.with(never));
    }

    @Test
    void triesTheTargetsInOrderAndReportsWhyNoneIsLeft() {
        Rule rule = world.apply(abc(Pick.FIRST));
        World.Search search = world.search(rule);

        assertThat(search.next()).isTrue();
        assertThat(search.target()).isEqualTo(A);
        assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.1", 80));
        search.selection.failed(Failure.TIMEOUT);
        assertThat(search.next()).isTrue();
        search.selection.failed(Failure.HEADER);
        assertThat(search.next()).isTrue();
        assertThat(search.target()).isEqualTo(C);
        search.selection.failed(Failure.TIMEOUT);
        assertThat(search.next()).isFalse();

        assertThat(search.none).contains(CloseReason.CONNECT_TIMEOUT);
        assertThat(world.view(A).counts().failures()).isEqualTo(1);
    }

    @Test
    void triesTheBestPriorityFirstWhateverTheOrderWritten() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.ranked(A, 5), World.ranked(B, 0), World.ranked(C, 5)));

        assertThat(world.order(rule)).containsExactly(B, A, C);
    }

    @Test
    void whatThisMachineHasRunOutOfIsNoFailureOfATarget() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.ranked(A, 0), World.ranked(B, 1)));

        for (int flow = 0; flow < 100; flow++) {
            World.Search search = world.search(rule);
            assertThat(search.next()).isTrue();
            assertThat(search.target()).isEqualTo(A);
            search.selection.failed(Failure.LOCAL);
            assertThat(search.next()).isTrue();
            search.selection.failed(Failure.LOCAL);
            assertThat(search.next()).isFalse();
        }

        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
    }

    @Test
    void goesToTheNextPriorityWhileTheBestHasFailedAndBackWithoutAnyProbe() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.ranked(A, 0), World.ranked(B, 1)));
        world.fail(rule, A);
        assertThat(world.view(A).reason()).isEqualTo("refused");
        assertThat(world.order(rule)).containsExactly(B, A);

        world.pass(HealthPolicy.DEFAULT.ejection());
        World.Search trial = world.search(rule);
        assertThat(trial.next()).isTrue();
        assertThat(trial.target()).isEqualTo(A);
        World.Search meanwhile = world.search(rule);
        assertThat(meanwhile.next()).isTrue();
        assertThat(meanwhile.target()).as("one trial at a time").isEqualTo(B);
        trial.connected();
        assertThat(world.state(A)).isEqualTo(State.FAILED);
        world.connect(rule);

        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
        assertThat(world.order(rule)).containsExactly(A, B);
        assertThat(world.view(A).counts().flips()).isEqualTo(2);
        assertThat(world.view(A).history()).extracting(TargetView.Change::healthy).containsExactly(true, false);
        assertThat(world.view(A).since()).isEqualTo(World.START.plusNanos(world.now));
    }

    @Test
    void waitsTwiceAsLongAfterATrialThatFailed() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        world.pass(Duration.ofSeconds(10));
        World.Search trial = world.search(rule);
        assertThat(trial.next()).isTrue();
        trial.selection.failed(Failure.REFUSED);
        assertThat(trial.next()).as("the flow of the trial goes on elsewhere").isTrue();
        assertThat(trial.target()).isEqualTo(B);

        world.pass(Duration.ofSeconds(19));
        assertThat(world.order(rule)).containsExactly(B, A);
        world.pass(Duration.ofSeconds(1));

        assertThat(world.order(rule)).containsExactly(A, B);
    }

    @Test
    void offersTheTrialAgainWhenItsFlowLeaves() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        world.pass(Duration.ofSeconds(10));
        World.Search trial = world.search(rule);
        trial.next();

        trial.selection.release();

        assertThat(world.search(rule).next()).isTrue();
        assertThat(world.view(A).counts().active()).isZero();
    }

    @Test
    void triesFailedTargetsLastOfAllPriorities() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.ranked(A, 0), World.ranked(B, 0), World.ranked(C, 9)));

        world.fail(rule, A);

        assertThat(world.order(rule)).containsExactly(B, C, A);
    }

    @Test
    void triesAllTheSameWhileAllHaveFailedIfOpen() {
        Rule rule = world.apply(abc(Pick.FIRST));
        List.of(A, B, C).forEach(target -> world.fail(rule, target));

        assertThat(world.order(rule)).containsExactly(A, B, C);
    }

    @Test
    void spreadsFlowsOverFailedTargetsAsOverHealthyOnes() {
        Rule rule = world.apply(abc(Pick.ROUND_ROBIN));
        List.of(A, B, C).forEach(target -> world.fail(rule, target));

        assertThat(sharesOfA(rule, 30)).isEqualTo(10);
    }

    @Test
    void findsATargetThatComesBackWhileTheFlowLooks() {
        Rule rule = world.apply(World.group(Pick.RANDOM_TWO, World.ranked(A, 0), World.limited(B, 1, 1), World.limited(C, 1, 1)));
        world.fail(rule, A);
        world.meanwhile = () -> {
            assertThat(List.of(world.connect(rule).target(), world.connect(rule).target())).containsExactlyInAnyOrder(B, C);
            world.pass(HealthPolicy.DEFAULT.ejection());
            assertThat(List.of(world.connect(rule).target(), world.connect(rule).target())).containsExactly(A, A);
        };
        World.Search search = world.search(rule);

        assertThat(search.next()).as("%s", search.none).isTrue();

        assertThat(search.target()).isEqualTo(A);
    }

    @Test
    void refusesWhileAllHaveFailedIfClosed() {
        Rule rule = world.apply(World.closed(abc(Pick.FIRST)));
        List.of(A, B, C).forEach(target -> world.fail(rule, target));
        World.Search search = world.search(rule);

        assertThat(search.next()).isFalse();

        assertThat(search.none).contains(CloseReason.NO_TARGET);
        world.pass(HealthPolicy.DEFAULT.ejection());
        assertThat(world.search(rule).next()).as("a trial is made all the same").isTrue();
    }

    @Test
    void givesATrialToTheNextFlowWhenFlowsTakeTurns() {
        Rule rule = world.apply(abc(Pick.ROUND_ROBIN));
        world.fail(rule, C);
        assertThat(World.times(20, () -> world.order(rule).getFirst())).doesNotContain(C);

        world.pass(HealthPolicy.DEFAULT.ejection());

        assertThat(world.order(rule)).startsWith(C);
    }

    @Test
    void triesAFailedTargetWithItsOwnClientsWhenTheSourceDecides() {
        Rule rule = world.apply(abc(Pick.SOURCE_HASH));
        List<String> clients = IntStream.range(0, 200).mapToObj(i -> "198.51.100." + i).toList();
        Map<String, String> before = new HashMap<>();
        clients.forEach(client -> before.put(client, world.order(rule, client).getFirst()));
        world.fail(rule, B);
        clients.forEach(client -> {
            String now = world.order(rule, client).getFirst();
            assertThat(now).isNotEqualTo(B);
            if (!B.equals(before.get(client))) {
                assertThat(now).isEqualTo(before.get(client));
            }
        });

        world.pass(HealthPolicy.DEFAULT.ejection());

        clients.forEach(client -> assertThat(world.order(rule, client)).startsWith(before.get(client)));
    }

    @Test
    void skipsATargetThatIsFullUntilAPlaceIsGivenBack() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.limited(A, 2), World.limited(B, 1)));
        World.Search first = world.connect(rule);
        World.Search second = world.search(rule);
        assertThat(second.next()).isTrue();
        assertThat(second.target()).as("places are taken when a target is found").isEqualTo(A);
        World.Search third = world.connect(rule);
        assertThat(third.target()).isEqualTo(B);
        World.Search fourth = world.search(rule);
        assertThat(fourth.next()).isFalse();
        assertThat(fourth.none).contains(CloseReason.NO_TARGET);

        second.selection.failed(Failure.REFUSED);
        assertThat(world.connect(rule).target()).isEqualTo(A);
        assertThat(world.search(rule).next()).isFalse();
        first.selection.release();

        assertThat(world.connect(rule).target()).isEqualTo(A);
        assertThat(world.view(A).counts().active()).isEqualTo(2);
        assertThat(world.view(A).counts().connections()).isEqualTo(3);
    }

    @Test
    void picksTheTargetWithTheFewestFlows() {
        Rule rule = world.apply(abc(Pick.LEAST_CONNECTIONS));
        List<World.Search> flows = World.times(9, () -> world.connect(rule));
        assertThat(flows.stream().filter(flow -> flow.target().equals(B)).count()).isEqualTo(3);

        flows.stream().filter(flow -> flow.target().equals(B)).forEach(flow -> flow.selection.release());

        assertThat(World.times(3, () -> world.connect(rule).target())).containsExactly(B, B, B);
    }

    @Test
    void beginsSlowlyWithATargetThatCameBack() {
        Rule rule = world.apply(World.slow(World.group(Pick.ROUND_ROBIN, World.target(A), World.target(B)), Duration.ofSeconds(100)));
        world.fail(rule, A);
        world.pass(HealthPolicy.DEFAULT.ejection());
        world.connect(rule);
        world.connect(rule);
        assertThat(world.state(A)).isEqualTo(State.SLOW_START);

        assertThat(sharesOfA(rule, 110)).isBetween(9L, 11L);
        world.pass(Duration.ofSeconds(50));
        assertThat(sharesOfA(rule, 155)).isBetween(54L, 56L);
        world.pass(Duration.ofSeconds(50));

        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
        assertThat(sharesOfA(rule, 100)).isBetween(49L, 51L);
    }

    private long sharesOfA(Rule rule, int flows) {
        return World.times(flows, () -> {
            World.Search search = world.search(rule);
            search.next();
            search.selection.release();
            return search.target();
        }).stream().filter(A::equals).count();
    }

    @Test
    void closesTheFlowsOfATargetThatFailsIfTheRuleRequiresIt() {
        Rule rule = world.apply(World.closingOnDown(World.group(Pick.FIRST, World.target(A), World.target(B))));
        World.Search stays = world.connect(rule);
        World.Search gone = world.connect(rule);
        gone.selection.release();

        world.fail(rule, A);
        World.Search onB = world.connect(rule);

        assertThat(stays.ended).containsExactly(CloseReason.TARGET_DOWN);
        assertThat(gone.ended).isEmpty();
        assertThat(onB.ended).isEmpty();
    }

    @Test
    void keepsTheFlowsOfATargetThatFailsOtherwise() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        World.Search flow = world.connect(rule);

        world.fail(rule, A);

        assertThat(flow.ended).isEmpty();
        assertThat(world.view(A).counts().active()).isEqualTo(1);
    }

    @Test
    void givesADrainedTargetNothingNewAtAll() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        World.Search flow = world.connect(rule);
        assertThat(world.targets.drain("rule-1", A, true)).isTrue();
        world.fail(rule, B);

        assertThat(world.order(rule)).containsExactly(B);
        assertThat(world.state(A)).isEqualTo(State.DRAINED);
        assertThat(world.view(A).reason()).isEqualTo("operator");
        assertThat(flow.ended).isEmpty();
        assertThat(world.targets.drain("rule-1", A, false)).isTrue();

        assertThat(world.order(rule)).containsExactly(A, B);
        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
        assertThat(world.targets.drain("rule-1", "192.0.2.9:80", true)).isFalse();
        assertThat(world.targets.drain("rule-2", A, true)).isFalse();
    }

    @Test
    void obeysTheConfigurationThatDrains() {
        Target drained = new Target(TargetAddress.parse(A), 0, 1, 0, Optional.empty(), true);
        Rule rule = world.apply(World.group(Pick.FIRST, drained));
        World.Search search = world.search(rule);

        assertThat(search.next()).isFalse();

        assertThat(search.none).contains(CloseReason.NO_TARGET);
        assertThat(world.view(A).reason()).isEqualTo("configuration");
    }

    @Test
    void forgetsAnOperatorsDrainWhenTheRuleChangesAndOnlyThen() {
        world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.targets.drain("rule-1", A, true);

        world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        assertThat(world.state(A)).isEqualTo(State.DRAINED);
        world.apply(World.group(Pick.FIRST, World.target(A), World.target(C)));

        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
    }

    @Test
    void keepsTheHealthOfTargetsThatStayOverAReload() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        World.Search flow = world.connect(rule);

        Rule newer = world.apply(World.group(Pick.FIRST, World.target(C), World.target(B), World.target(A)));

        assertThat(world.order(newer)).containsExactly(C, B, A);
        assertThat(world.state(A)).isEqualTo(State.FAILED);
        assertThat(world.view(B).counts().active()).isEqualTo(1);
        flow.selection.release();
        assertThat(world.view(B).counts().active()).isZero();
    }

    @Test
    void servesFlowsThatWereRoutedByTheTableBefore() {
        Rule older = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.apply(World.group(Pick.FIRST, World.target(B), World.target(C)));

        assertThat(world.order(older)).containsExactly(A, B);
        world.fail(older, B);
        assertThat(world.state(B)).isEqualTo(State.FAILED);
    }

    @Test
    void goesOnTakingTurnsOverAReloadThatLeavesTheRuleAlone() {
        Rule older = world.apply(abc(Pick.ROUND_ROBIN));
        assertThat(world.connect(older).target()).isEqualTo(A);

        Rule equal = world.apply(abc(Pick.ROUND_ROBIN));

        assertThat(world.connect(equal).target()).isEqualTo(B);
        assertThat(world.connect(older).target()).as("of a listener that was left alone").isEqualTo(C);
    }

    @Test
    void startsAfreshWithATargetThatWasAway() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        world.apply(World.group(Pick.FIRST, World.target(B)));

        world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));

        assertThat(world.state(A)).isEqualTo(State.HEALTHY);
    }

    @Test
    void knowsOneStateForAllPortsOfARange() {
        Rule rule = Rule.of(1, "range", List.of(PortRange.parse("9000-9002")), Match.ANY, TargetAddress.parse("192.0.2.1:7000-7002"));
        world.targets.applied(World.table(rule));
        for (int port = 9000; port <= 9002; port++) {
            World.Search search = new World.Search(world.targets, new Route(rule, Route.MatchedBy.PLAIN, rule.targetsFor(port)), "198.51.100.1");
            assertThat(search.next()).isTrue();
            assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.1", port - 2000));
            search.selection.failed(Failure.REFUSED);
        }

        assertThat(world.state("192.0.2.1:7000-7002")).isEqualTo(State.FAILED);
    }

    @Test
    void keepsRulesApartThatHaveTheSameTarget() {
        Rule one = World.rule(1, World.group(Pick.FIRST, World.target(A)));
        Rule two = World.rule(2, World.group(Pick.FIRST, World.target(A)));
        world.targets.applied(World.table(one, two));

        for (int i = 0; i < 3; i++) {
            World.Search search = world.search(two);
            search.next();
            search.selection.failed(Failure.REFUSED);
        }

        assertThat(world.targets.targets()).extracting(TargetView::state).containsExactly(State.HEALTHY, State.FAILED);
    }

    @Test
    void showsNothingWhileAnotherVersionServesAndGoesOnWhereItWas() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        World.Search flow = world.connect(rule);

        world.targets.applied(ForwardingTable.EMPTY);
        assertThat(world.targets.targets()).isEmpty();
        assertThat(world.order(rule)).as("a flow pinned to this version").containsExactly(B, A);
        world.targets.applied(World.table(rule));

        assertThat(world.state(A)).isEqualTo(State.FAILED);
        assertThat(world.view(B).counts().active()).isEqualTo(1);
        flow.selection.release();
    }

    @Test
    void handsItsStateOverAsPlainValues() {
        Rule rule = world.apply(abc(Pick.FIRST));
        world.fail(rule, A);
        world.targets.drain("rule-1", B, true);
        world.connect(rule);
        World.Search failing = world.search(rule);
        failing.next();
        failing.selection.failed(Failure.TIMEOUT);
        Targets newer = new Targets(world.environment);

        newer.take(world.targets.give());
        newer.applied(World.table(rule));

        TargetView a = newer.targets().getFirst();
        assertThat(a).isEqualTo(world.view(A));
        assertThat(newer.targets().get(1).state()).isEqualTo(State.DRAINED);
        assertThat(newer.targets().get(2).counts().active()).as("open connections stay with the version that opened them").isZero();
        assertThat(newer.targets().get(2).counts().connections()).isEqualTo(1);
        assertThat(newer.targets().get(2).counts().failures()).isEqualTo(1);
        World.Search search = new World.Search(newer, new Route(rule, Route.MatchedBy.PLAIN, rule.targets().targets()), "198.51.100.1");
        search.next();
        assertThat(search.target()).isEqualTo(C);
        world.pass(Duration.ofSeconds(10));
        World.Search trial = new World.Search(newer, new Route(rule, Route.MatchedBy.PLAIN, rule.targets().targets()), "198.51.100.1");
        trial.next();
        assertThat(trial.target()).isEqualTo(A);
    }

    @Test
    void comesBackWithTheStateOfTheVersionThatServedMeanwhile() {
        Rule rule = world.apply(abc(Pick.FIRST));
        world.connect(rule);
        world.targets.drain("rule-1", B, true);
        Map<String, Object> given = world.targets.give();
        world.targets.applied(ForwardingTable.EMPTY);
        Targets meanwhile = new Targets(world.environment);
        meanwhile.take(given);
        meanwhile.applied(World.table(rule));
        meanwhile.drain("rule-1", B, false);

        world.targets.take(meanwhile.give());
        world.targets.applied(World.table(rule));

        assertThat(world.view(A).counts().connections()).isEqualTo(1);
        assertThat(world.view(A).counts().active()).isEqualTo(1);
        assertThat(world.state(B)).isEqualTo(State.HEALTHY);
    }

    @Test
    void takesStateThatLacksKeysOrHasOthers() {
        List<Object> entries = new ArrayList<>();
        entries.add(Map.of("rule", "1", "target", A, "flows_down", true, "novel", 3));
        entries.add(Map.of("rule", "x"));
        entries.add("text");
        entries.add(Map.of("rule", 5, "target", List.of(), "history", List.of("no")));

        world.targets.take(Map.of("targets", entries, "other", 1));
        world.apply(abc(Pick.FIRST));

        assertThat(world.state(A)).isEqualTo(State.FAILED);
        assertThat(world.state(B)).isEqualTo(State.HEALTHY);
        world.targets.take(Map.of("targets", "no list"));
    }

    @Test
    void isReadyUnlessNoTargetOfAnyRuleCanBeAlive() {
        assertThat(world.targets.problems()).isEmpty();
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(A), World.target(B)));
        world.fail(rule, A);
        world.fail(rule, B);
        assertThat(world.targets.problems()).as("only flows can find out").isEmpty();

        rule = world.apply(probed(rule.targets()));
        assertThat(world.targets.problems()).hasSize(1);
        world.targets.applied(World.table(rule, World.rule(2, World.group(Pick.FIRST, World.target(C)))));

        assertThat(world.targets.problems()).isEmpty();
    }

    @Test
    void leavesOutRulesThatAreNotEnabled() {
        world.targets.applied(World.table(World.rule(1, abc(Pick.FIRST)).withEnabled(false)));

        assertThat(world.targets.targets()).isEmpty();
    }

    @Test
    void counterOfAFlowThatConnectedAndThenFailedIsBalanced() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.limited(A, 1)));
        World.Search search = world.connect(rule);

        search.selection.failed(Failure.HEADER);
        search.selection.release();
        search.selection.release();

        assertThat(world.view(A).counts().active()).isZero();
        assertThat(world.search(rule).next()).isTrue();
    }
}
