// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.State;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Probe;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets that are services: which host a flow gets, and what is known of each. */
class ServicesTest {
    private static final String SERVICE = "_db._tcp.example";
    private static final String OTHER = "192.0.2.99:80";

    private final World world = new World();
    private final FakeNames names = new FakeNames();

    @BeforeEach
    void resolve() {
        world.targets.names(names);
        for (int i = 1; i <= 40; i++) {
            names.known.put("h" + i + ".example", FakeNames.of(List.of("192.0.2." + i), List.of()));
        }
    }

    /** {@code "priority weight host"}, at port 5432. */
    private void serves(String... hosts) {
        names.known.put(SERVICE, new NameAnswer(List.of(), List.of(), Arrays.stream(hosts).map(host -> host.split(" "))
            .map(words -> new ServiceHost(words[2] + ".example", 5432, Integer.parseInt(words[0]), Integer.parseInt(words[1]))).toList(),
            Instant.MAX, false, "192.0.2.53:53", Optional.empty()));
    }

    private Rule applied() {
        return world.apply(World.group(Pick.FIRST, World.target(SERVICE), World.ranked(OTHER, 1)));
    }

    /** The hosts that a flow is given while it reports nothing of them, by the last number of their addresses. */
    private List<Integer> order(Rule rule) {
        World.Search search = world.search(rule);
        List<Integer> met = new ArrayList<>();
        while (search.next()) {
            met.add(Byte.toUnsignedInt(search.endpoints.getFirst().getAddress().getAddress()[3]));
        }
        search.selection.release();
        return met;
    }

    private int first(Rule rule) {
        World.Search search = world.search(rule);
        search.next();
        search.selection.release();
        return Byte.toUnsignedInt(search.endpoints.getFirst().getAddress().getAddress()[3]);
    }

    private TargetView host(String name) {
        return world.view(SERVICE).hosts().stream().filter(host -> host.target().equals(name + ".example:5432")).findFirst().orElseThrow();
    }

    private void refuse(Rule rule, int host, int times) {
        for (int i = 0; i < times; i++) {
            World.Search search = world.search(rule);
            boolean more = search.next();
            while (more && Byte.toUnsignedInt(search.endpoints.getFirst().getAddress().getAddress()[3]) != host) {
                more = search.next();
            }
            if (more) {
                search.selection.failed(Failure.REFUSED);
            }
            search.selection.release();
        }
    }

    @Test
    void keepsTheNameOfTheService() {
        applied();

        assertThat(names.kept).containsExactly(SERVICE);
    }

    @Test
    void triesEachHostByPriorityBeforeTheNextTarget() {
        serves("0 0 h1", "5 0 h2", "10 0 h3");
        Rule rule = applied();
        World.Search search = world.search(rule);

        search.next();

        assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.1", 5432));
        assertThat(search.target()).isEqualTo(SERVICE);
        search.selection.failed(Failure.REFUSED);
        assertThat(search.next()).isTrue();
        assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.2", 5432));
        assertThat(order(rule)).containsExactly(1, 2, 3, 99);
    }

    @Test
    void drawsByWeightWithinAPriority() {
        serves("0 10 h1", "0 30 h2", "0 60 h3", "1 1000 h4");
        Rule rule = applied();

        Map<Integer, Long> met = IntStream.range(0, 10_000).mapToObj(i -> first(rule)).collect(Collectors.groupingBy(i -> i, Collectors.counting()));

        assertThat(met).containsOnlyKeys(1, 2, 3);
        assertThat(met.get(1)).isCloseTo(1000L, withinPercentage(15));
        assertThat(met.get(2)).isCloseTo(3000L, withinPercentage(10));
        assertThat(met.get(3)).isCloseTo(6000L, withinPercentage(10));
    }

    @Test
    void drawsEvenlyWithoutWeightsAndHardlyEverWhatHasNoneBesideOthers() {
        serves("0 0 h1", "0 0 h2");
        Rule rule = applied();
        long one = IntStream.range(0, 4000).filter(i -> first(rule) == 1).count();
        assertThat(one).isBetween(1800L, 2200L);

        serves("0 0 h1", "0 999 h2");
        long weightless = IntStream.range(0, 4000).filter(i -> first(rule) == 1).count();

        assertThat(weightless).isBetween(1L, 15L);
    }

    @Test
    void knowsTheHealthOfEachHostAndOfTheServiceByAllOfThem() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = applied();

        refuse(rule, 1, 3);

        assertThat(host("h1").state()).isEqualTo(State.FAILED);
        assertThat(host("h1").reason()).isEqualTo("refused");
        assertThat(host("h2").state()).isEqualTo(State.HEALTHY);
        assertThat(world.state(SERVICE)).isEqualTo(State.HEALTHY);
        assertThat(order(rule)).as("the failed one comes when nothing else is left").containsExactly(2, 99, 1);

        refuse(rule, 2, 3);

        assertThat(world.state(SERVICE)).isEqualTo(State.FAILED);
        assertThat(world.view(SERVICE).reason()).isEqualTo("refused");
        assertThat(world.view(SERVICE).counts().failures()).isEqualTo(6);
        assertThat(order(rule)).containsExactly(99, 1, 2);
    }

    @Test
    void doesNotTryFailedHostsWhereTheGroupIsClosed() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = world.apply(World.closed(World.group(Pick.FIRST, World.target(SERVICE))));
        refuse(rule, 1, 3);
        assertThat(order(rule)).containsExactly(2);

        refuse(rule, 2, 3);

        assertThat(order(rule)).isEmpty();
    }

    @Test
    void comesBackByTrialsOfItsHosts() {
        serves("0 0 h1");
        Rule rule = applied();
        refuse(rule, 1, 3);
        assertThat(first(rule)).isEqualTo(99);

        world.pass(HealthPolicy.DEFAULT.ejection());
        World.Search trial = world.connect(rule);

        assertThat(trial.target()).isEqualTo(SERVICE);
        assertThat(world.state(SERVICE)).isEqualTo(State.FAILED);
        world.connect(rule);
        assertThat(world.state(SERVICE)).isEqualTo(State.HEALTHY);
        assertThat(world.view(SERVICE).counts().flips()).isEqualTo(2);
        assertThat(host("h1").counts().active()).isEqualTo(2);
        assertThat(world.view(SERVICE).counts().active()).isEqualTo(2);
    }

    @Test
    void givesATrialBackThatNobodyMade() {
        serves("0 0 h1");
        Rule rule = applied();
        refuse(rule, 1, 3);
        world.pass(HealthPolicy.DEFAULT.ejection());
        World.Search one = world.search(rule);
        one.next();
        assertThat(one.target()).isEqualTo(SERVICE);
        assertThat(first(rule)).as("one at a time").isEqualTo(99);

        one.selection.release();

        assertThat(first(rule)).isEqualTo(1);
    }

    @Test
    void keepsWhatItKnowsOfHostsThatStayAndForgetsThoseThatGo() {
        serves("0 0 h1", "1 5 h2");
        Rule rule = applied();
        refuse(rule, 1, 3);
        World.Search lives = world.connect(rule);

        serves("0 9 h1", "0 1 h3");

        assertThat(first(rule)).isEqualTo(3);
        assertThat(world.view(SERVICE).hosts()).extracting(TargetView::target).containsExactly("h1.example:5432", "h3.example:5432");
        assertThat(host("h1").state()).isEqualTo(State.FAILED);
        assertThat(host("h1").weight()).isEqualTo(9);
        assertThat(lives.ended).isEmpty();
        assertThat(world.view(SERVICE).counts().active()).isEqualTo(1);
        lives.selection.release();
        assertThat(world.view(SERVICE).counts().active()).isZero();
    }

    @Test
    void isHealthyAtOnceWhenOtherHostsAreNamed() {
        serves("0 0 h1");
        Rule rule = world.apply(World.closed(World.group(Pick.FIRST, World.target(SERVICE))));
        refuse(rule, 1, 3);
        assertThat(order(rule)).isEmpty();

        serves("0 0 h2");

        assertThat(order(rule)).containsExactly(2);
        assertThat(world.state(SERVICE)).isEqualTo(State.HEALTHY);
        assertThat(world.view(SERVICE).reason()).isEqualTo("hosts_changed");
    }

    @Test
    void goesOnToTheNextHostWhenTheNameOfOneFails() {
        names.known.put("h1.example", FakeNames.failing(NameAnswer.Problem.NXDOMAIN));
        serves("0 0 h1", "1 0 h2");
        Rule rule = applied();

        for (int i = 0; i < 3; i++) {
            assertThat(first(rule)).isEqualTo(2);
        }

        assertThat(host("h1").state()).isEqualTo(State.FAILED);
        assertThat(host("h1").reason()).isEqualTo("nxdomain");
        assertThat(host("h1").names().orElseThrow().problem()).isEqualTo("nxdomain");
    }

    @Test
    void reportsThatAServiceIsNotAvailable() {
        names.known.put(SERVICE, FakeNames.failing(NameAnswer.Problem.NO_SERVICE));
        Rule rule = world.apply(World.group(Pick.FIRST, World.target(SERVICE)));

        for (int i = 0; i < 3; i++) {
            World.Search search = world.search(rule);
            assertThat(search.next()).isFalse();
            assertThat(search.none).contains(CloseReason.DNS_FAILED);
        }

        assertThat(world.state(SERVICE)).isEqualTo(State.FAILED);
        assertThat(world.view(SERVICE).reason()).isEqualTo("no_service");
        assertThat(world.view(SERVICE).names().orElseThrow().problem()).isEqualTo("no_service");
        assertThat(world.view(SERVICE).hosts()).isEmpty();
        serves("0 0 h1");
        world.pass(HealthPolicy.DEFAULT.ejection());
        assertThat(first(rule)).isEqualTo(1);
        assertThat(first(rule)).isEqualTo(1);
        assertThat(world.view(SERVICE).reason()).isEqualTo("resolved");
    }

    @Test
    void waitsForTheServiceAndThenForTheHostAndForNeitherWhenItIsCalledOff() {
        names.known.remove("h1.example");
        Rule rule = applied();
        World.Search search = world.search(rule);
        assertThat(search.next()).isFalse();
        serves("0 0 h1");
        names.open.remove().accept(names.known.get(SERVICE));
        assertThat(search.found).isEmpty();
        names.open.remove().accept(FakeNames.of(List.of("192.0.2.1"), List.of()));
        assertThat(search.endpoints).containsExactly(new InetSocketAddress("192.0.2.1", 5432));

        World.Search leaves = world.search(rule);
        leaves.next();
        leaves.call.cancel();
        names.open.remove().accept(FakeNames.of(List.of("192.0.2.1"), List.of()));

        assertThat(leaves.found).isEmpty();
        assertThat(names.cancelled).isEqualTo(1);
    }

    @Test
    void countsTheConnectionsOfAllHostsForTheCeilingOfTheTarget() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = world.apply(World.group(Pick.FIRST, World.limited(SERVICE, 1), World.ranked(OTHER, 1)));

        World.Search one = world.connect(rule);

        assertThat(order(rule)).containsExactly(99);
        one.selection.release();
        assertThat(order(rule)).containsExactly(1, 2, 99);
    }

    @Test
    void endsTheFlowsOfAHostThatFailsWhereTheGroupRequiresIt() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = world.apply(World.closingOnDown(World.group(Pick.FIRST, World.target(SERVICE))));
        World.Search onFirst = world.connect(rule);
        World.Search onSecond = world.search(rule);
        onSecond.next();
        onSecond.next();
        onSecond.connected();

        refuse(rule, 1, 3);

        assertThat(onFirst.ended).containsExactly(CloseReason.TARGET_DOWN);
        assertThat(onSecond.ended).isEmpty();
    }

    @Test
    void drainsTheServiceAsAWhole() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = applied();

        assertThat(world.targets.drain("rule-1", SERVICE, true)).isTrue();
        assertThat(order(rule)).containsExactly(99);
        assertThat(world.targets.drain("rule-1", SERVICE + "/h1.example:5432", true)).isFalse();
    }

    @Test
    void searchesThroughManyFailingHostsWithoutPilingThemUp() {
        String[] hosts = IntStream.rangeClosed(1, 32).mapToObj(i -> "0 0 n" + i).toArray(String[]::new);
        IntStream.rangeClosed(1, 32).forEach(i -> names.known.put("n" + i + ".example", FakeNames.failing(NameAnswer.Problem.NXDOMAIN)));
        serves(hosts);
        TargetGroup group = World.group(Pick.FIRST, IntStream.rangeClosed(1, 64).mapToObj(i -> World.target("_s" + i + "._tcp.example"))
            .toArray(Target[]::new));
        IntStream.rangeClosed(1, 64).forEach(i -> names.known.put("_s" + i + "._tcp.example", names.known.get(SERVICE)));
        World.Search search = world.search(world.apply(group));

        assertThat(search.next()).isFalse();

        assertThat(search.none).contains(CloseReason.DNS_FAILED);
        assertThat(names.asked).isEqualTo(64 + 64 * 32);
    }

    @Test
    void handsOverWhatItKnowsOfEachHost() {
        serves("0 0 h1", "1 0 h2");
        Rule rule = world.apply(World.closed(World.group(Pick.FIRST, World.target(SERVICE))));
        refuse(rule, 1, 3);
        refuse(rule, 2, 3);
        Map<String, Object> state = new HashMap<>(world.targets.give());

        Targets newer = new Targets(world.environment);
        newer.names(names);
        newer.take(state);
        newer.applied(World.table(rule));

        TargetView view = newer.targets().getFirst();
        assertThat(view.state()).isEqualTo(State.FAILED);
        assertThat(view.counts().flips()).isEqualTo(1);
        assertThat(view.history()).hasSize(1);
        assertThat(view.hosts()).extracting(TargetView::state).containsExactly(State.FAILED, State.FAILED);
        assertThat(view.hosts().getFirst().counts().failures()).isEqualTo(3);
        world.pass(HealthPolicy.DEFAULT.ejection());
        World.Search search = new World.Search(newer, new Route(rule, Route.MatchedBy.PLAIN, rule.targets().targets()),
            "198.51.100.1");
        assertThat(search.next()).isTrue();
    }

    @Test
    void probesEachHostAtItsPort() throws InterruptedException {
        serves("0 0 h1", "1 0 h2");
        Probe probe = new Probe(new Probe.Ask.Tcp(), Duration.ofMillis(20), Duration.ofMillis(20), 1, 1, OptionalInt.empty(), false);
        Rule rule = world.apply(World.healthy(World.group(Pick.FIRST, World.target(SERVICE)), HealthPolicy.DEFAULT.with(probe)));
        world.targets.stop();
        Environment real = Environment.system();
        TargetState state = new TargetState(rule, rule.targets().targets().getFirst(), real, new TargetEvents(() -> 1));
        CountDownLatch asked = new CountDownLatch(6);
        NameAnswer answer = Objects.requireNonNull(names.known.get(SERVICE));
        ProbeRounds rounds = new ProbeRounds(new Questioner() {
            @Override
            public ProbeResult ask(ProbePlan plan) {
                asked.countDown();
                assertThat(plan.port()).isEqualTo(5432);
                return plan.host().equals("h1.example.") ? ProbeResult.REFUSED : ProbeResult.GOOD;
            }

            @Override
            public Optional<NameAnswer> hosts(ProbePlan plan) {
                return plan.host().equals(SERVICE) ? Optional.of(answer) : Optional.empty();
            }
        }, real);

        rounds.settle(Map.of(state, ProbePlan.of(rule, rule.targets().targets().getFirst(), probe)));
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        rounds.settle(Map.of());

        List<TargetState> hosts = state.hosts().orElseThrow().states();
        assertThat(hosts).extracting(its -> its.health().failed()).containsExactly(true, false);
        assertThat(state.health().failed()).isFalse();
    }
}
