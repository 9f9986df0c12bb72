// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.State;
import io.portunus.model.HealthPolicy;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProbeRoundsTest {
    private static final Duration INTERVAL = Duration.ofMillis(30);

    private final Environment environment = Environment.system();
    private final TargetEvents events = new TargetEvents(environment.nanos());

    private static Probe probe(Probe.Ask ask, Duration interval) {
        return new Probe(ask, interval, Duration.ofSeconds(5), 2, 3, OptionalInt.empty(), false);
    }

    private static TargetGroup group(Probe probe, Target... targets) {
        return World.healthy(World.group(Pick.FIRST, targets), HealthPolicy.DEFAULT.with(probe));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Map<TargetState, ProbePlan> plans(int targets, Duration interval) {
        Map<TargetState, ProbePlan> plans = new HashMap<>();
        Target target = World.target("192.0.2.1:80");
        Probe probe = probe(new Probe.Ask.Tcp(), interval);
        Rule rule = World.rule(1, group(probe, target));
        for (int i = 0; i < targets; i++) {
            plans.put(new TargetState(rule, target, environment, events), ProbePlan.of(rule, target, probe));
        }
        return plans;
    }

    @Test
    void failsATargetAndBringsItBackByWhatItsProbesFind() throws Exception {
        AtomicReference<String> status = new AtomicReference<>("200 OK");
        try (Backend backend = new Backend(socket -> Backend.http("HTTP/1.1 " + status.get() + "\r\n\r\n").with(socket))) {
            Targets targets = new Targets(environment);
            Target target = World.target("127.0.0.1:" + backend.port());
            targets.applied(World.table(World.rule(1, group(probe(new Probe.Ask.Http("h", "/", PortRange.parse("200-299")), INTERVAL), target))));
            await(() -> view(targets).counts().probes() >= 2);
            assertThat(view(targets).state()).isEqualTo(State.HEALTHY);

            status.set("503 Service Unavailable");
            await(() -> view(targets).state() == State.FAILED);
            assertThat(view(targets).reason()).isEqualTo("probe_status");
            assertThat(view(targets).counts().probeFailures()).isGreaterThanOrEqualTo(3);
            assertThat(targets.problems()).hasSize(1);
            status.set("200 OK");
            await(() -> view(targets).state() == State.HEALTHY);

            assertThat(view(targets).reason()).isEqualTo("probe_ok");
            targets.stop();
        }
    }

    private static TargetView view(Targets targets) {
        return targets.targets().getFirst();
    }

    @Test
    void letsFlowsTryAgainWhatProbesHadFailedOnceTheRuleHasNone() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Targets targets = new Targets(environment);
        Target target = World.target("127.0.0.1:" + free);
        targets.applied(World.table(World.rule(1, World.closed(group(probe(new Probe.Ask.Tcp(), INTERVAL), target)))));
        await(() -> view(targets).state() == State.FAILED);
        assertThat(view(targets).reason()).isEqualTo("probe_refused");

        Rule without = World.rule(1, World.closed(World.group(Pick.FIRST, target)));
        targets.applied(World.table(without));

        assertThat(view(targets).state()).isEqualTo(State.FAILED);
        World.Search trial = new World.Search(targets, new Route(without, Route.MatchedBy.PLAIN,
            without.targets().targets()), "198.51.100.1");
        assertThat(trial.next()).isTrue();
    }

    @Test
    void beginsWithinTheFirstIntervalAndStopsOnRequest() {
        ProbeRounds rounds = new ProbeRounds(plan -> ProbeResult.GOOD, environment);
        Map<TargetState, ProbePlan> plans = plans(5, INTERVAL);
        rounds.settle(plans);
        await(() -> plans.keySet().stream().allMatch(state -> probes(state) >= 3));
        Map.Entry<TargetState, ProbePlan> stays = plans.entrySet().iterator().next();

        rounds.settle(Map.ofEntries(stays));
        plans.remove(stays.getKey());
        List<Long> then = plans.keySet().stream().map(ProbeRoundsTest::probes).toList();
        long more = probes(stays.getKey()) + 5;
        await(() -> probes(stays.getKey()) >= more);

        assertThat(plans.keySet().stream().map(ProbeRoundsTest::probes).toList()).isEqualTo(then);
        rounds.settle(Map.of());
    }

    private static long probes(TargetState state) {
        return state.counts().probes();
    }

    @Test
    void goesOnWithEqualPlansAndInterruptsThoseThatAreGone() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ProbeRounds rounds = new ProbeRounds(plan -> {
            asked.incrementAndGet();
            asking.countDown();
            try {
                new CountDownLatch(1).await(50, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return ProbeResult.GOOD;
        }, environment);
        Map<TargetState, ProbePlan> plans = plans(1, INTERVAL);
        rounds.settle(plans);
        assertThat(asking.await(20, TimeUnit.SECONDS)).isTrue();

        rounds.settle(Map.copyOf(plans));
        assertThat(interrupted.getCount()).isEqualTo(1);
        rounds.settle(Map.of());

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(asked.get()).isEqualTo(1);
    }

    @Test
    void asksSixtyFourTargetsAtOnceAndNoMore() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        ProbeRounds rounds = new ProbeRounds(plan -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            now.decrementAndGet();
            return ProbeResult.GOOD;
        }, environment);
        Map<TargetState, ProbePlan> plans = plans(150, Duration.ofSeconds(1));

        rounds.settle(plans);
        await(() -> now.get() == ProbeRounds.MAX_AT_ONCE);
        go.countDown();
        await(() -> plans.keySet().stream().allMatch(state -> state.counts().probes() >= 1));
        rounds.settle(Map.of());

        assertThat(most.get()).isEqualTo(ProbeRounds.MAX_AT_ONCE);
    }

    @Test
    void survivesAProbeThatThrows() {
        AtomicInteger asked = new AtomicInteger();
        ProbeRounds rounds = new ProbeRounds(plan -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("a defect");
            }
            return ProbeResult.GOOD;
        }, environment);

        rounds.settle(plans(1, INTERVAL));
        await(() -> asked.get() >= 3);

        rounds.settle(Map.of());
    }

    @Test
    void asksAtThePortOfTheProbeWithTheHeaderOfTheTarget() {
        Probe own = new Probe(new Probe.Ask.Tcp(), INTERVAL, INTERVAL, 1, 1, OptionalInt.of(8081), true);
        Target v1 = new Target(TargetAddress.parse("192.0.2.1:7000-7009"), 0, 1, 0, Optional.of(ProxyHeader.of(ProxyHeader.Version.V1)), false);
        Target none = World.target("a.example:80");

        assertThat(ProbePlan.of(World.rule(1, group(own, v1)), v1, own).port()).isEqualTo(8081);
        assertThat(ProbePlan.of(World.rule(1, group(own, v1)), v1, own).header()).contains(ProxyHeader.Version.V1);
        assertThat(ProbePlan.of(World.rule(1, group(own, none)), none, own).header()).contains(ProxyHeader.Version.V2);
        Probe usual = probe(new Probe.Ask.Tcp(), INTERVAL);
        assertThat(ProbePlan.of(World.rule(1, group(usual, v1)), v1, usual).port()).isEqualTo(7000);
        assertThat(ProbePlan.of(World.rule(1, group(usual, v1)), v1, usual).header()).isEmpty();
    }
}
