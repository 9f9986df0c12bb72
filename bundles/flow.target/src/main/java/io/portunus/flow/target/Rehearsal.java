// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.ForwardingTable;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Prelude;
import io.portunus.model.Probe;
import io.portunus.model.Problem;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;

/** Plays flows without connections, in a time of its own, and asks a listener on the loopback. Confined to one thread. */
final class Rehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final List<String> TARGETS = List.of("192.0.2.1:80", "192.0.2.2:80", "192.0.2.3:80");

    /** So many that each way to pick is sure to pick each target. */
    private static final int CLIENTS = 200;

    private final List<Problem> problems = new ArrayList<>();
    private final MemoryLoop loop = new MemoryLoop();
    /** With a seed, so that a rehearsal that fails fails again. */
    private final Random chance = new Random(1);
    private long now;

    List<Problem> run() {
        try {
            for (TargetGroup.Pick pick : TargetGroup.Pick.values()) {
                failAndComeBack(pick);
            }
            probe();
        } catch (Throwable lastResort) {
            // Classes that do not fit together are what a check before the switch is for.
            expect(false, "The rehearsal ended by " + lastResort);
        }
        return problems;
    }

    private void failAndComeBack(TargetGroup.Pick pick) {
        Targets targets = new Targets(new Environment(() -> Instant.EPOCH.plusNanos(now), () -> now, () -> chance, Runnable::run));
        List<Target> group = TARGETS.stream().map(text -> Target.of(TargetAddress.parse(text))).toList();
        Rule rule = Rule.of(1, "self-check", List.of(PortRange.of(80)), Match.ANY, group.getFirst().address())
            .withTargets(new TargetGroup(group, pick, false, HealthPolicy.DEFAULT, TargetGroup.AllDown.CLOSED, false, Duration.ZERO));
        targets.applied(ForwardingTable.compile(new RuleSet("1", List.of(rule))));
        play(targets, rule, selection -> selection.failed(Failure.REFUSED));
        expect(state(targets) == TargetView.State.FAILED, "A target that refuses does not fail, by " + pick.text());
        int tries = play(targets, rule, selection -> selection.failed(Failure.REFUSED));
        expect(tries == 0, "A target that has failed is given to flows, by " + pick.text());
        now += HealthPolicy.DEFAULT.maxEjection().toNanos();
        play(targets, rule, selection -> selection.connected(InetSocketAddress.createUnresolved("self-check", 80), Duration.ZERO));
        expect(state(targets) == TargetView.State.HEALTHY, "A target that answers again does not come back, by " + pick.text());
        expect(targets.targets().stream().allMatch(view -> view.counts().active() == 0), "A flow left something behind, by " + pick.text());
    }

    private static TargetView.State state(Targets targets) {
        return targets.targets().getFirst().state();
    }

    /** Lets flows of many clients search; returns how often one met the first target, of which this becomes. */
    private int play(Targets targets, Rule rule, Consumer<TargetSelection> ofTheFirst) {
        int met = 0;
        for (int client = 0; client < CLIENTS; client++) {
            Player player = new Player(targets, rule, client, loop);
            if (!player.next()) {
                return -1;
            }
            if (player.found(TARGETS.getFirst())) {
                met++;
                ofTheFirst.accept(player.selection);
            }
            player.selection.release();
        }
        return met;
    }

    private void probe() throws IOException, InterruptedException {
        Environment real = Environment.system();
        SocketQuestioner questioner = new SocketQuestioner(() -> NoNames.INSTANCE, real);
        Probe question = new Probe(new Probe.Ask.Talk("", "hello"), PATIENCE, PATIENCE, 1, 1, OptionalInt.empty(), false);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout((int) PATIENCE.toMillis());
            Thread answers = Thread.ofVirtual().start(() -> answer(listener));
            ProbeResult result = questioner.ask(new ProbePlan(question, listener.getInetAddress().getHostAddress(), listener.getLocalPort(),
                false, Optional.empty(), Optional.empty()));
            answers.join(PATIENCE);
            expect(result.good(), "A probe of a listener of its own came back with " + result.reason());
        }
    }

    private static void answer(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The probe reports that it got no answer.
        }
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(Problem.of(SelfCheck.FAILED, "flow.target", otherwise));
        }
    }

    /** A flow that only searches. */
    private static final class Player implements TargetSelection.Answer {
        final TargetSelection selection;
        private Optional<Target> found = Optional.empty();

        Player(Targets targets, Rule rule, int client, EventLoop loop) {
            Route route = new Route(rule, Route.MatchedBy.PLAIN, rule.targets().targets());
            InetAddress address = InetAddress.ofLiteral("198.51.100." + client);
            selection = targets.begin(new TargetRequest(route, Prelude.NONE, address, loop), reason -> { });
        }

        boolean next() {
            found = Optional.empty();
            selection.next(this);
            return found.isPresent();
        }

        boolean found(String target) {
            return found.filter(its -> its.toString().equals(target)).isPresent();
        }

        @Override
        public void found(Target target, List<InetSocketAddress> endpoints) {
            found = Optional.of(target);
        }

        @Override
        public void none(CloseReason reason) {
            found = Optional.empty();
        }
    }
}
