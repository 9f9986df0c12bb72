// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.LoopView;
import io.portunus.flow.api.LoopView.Holder;
import io.portunus.flow.api.LoopView.State;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.Transport;
import io.portunus.model.Problem;
import io.portunus.node.api.BundleGuard;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    private final StandingLoop loop = new StandingLoop();
    private final Carrier transport = new Carrier(loop);
    private final Provider blocking = provider(new MemoryLoop(), new Post(Role.POLICY, "rude"), "x.rude", "1.0.0");
    private final Provider newer = provider(new MemoryLoop(), new Post(Role.POLICY, "rude"), "x.rude", "2.0.0");
    private Serving serving = Serving.NOBODY;
    private long nanos;
    private final LoopWatch watch = new LoopWatch(() -> serving, new LiveFlows(), () -> nanos);

    /** Does what it is given unless it stands. */
    private static final class StandingLoop implements EventLoop {
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean stands;
        private boolean ended;

        @Override
        public boolean inside() {
            return false;
        }

        @Override
        public void execute(Runnable task) {
            if (ended) {
                throw new RejectedExecutionException("as the test asks");
            }
            waiting.add(task);
            if (!stands) {
                goOn();
            }
        }

        void goOn() {
            stands = false;
            List<Runnable> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(Runnable::run);
        }

        @Override
        public Cancellable after(Duration delay, Runnable task) {
            throw new AssertionError("nobody sets a timer here");
        }

        @Override
        public ByteBuffer scratch() {
            throw new AssertionError("nobody reads here");
        }
    }

    /** Has one loop, and writes down which are gone around. */
    private record Carrier(EventLoop only, List<String> around) implements Transport {
        Carrier(EventLoop only) {
            this(only, new ArrayList<>());
        }

        @Override
        public String name() {
            return "still";
        }

        @Override
        public List<EventLoop> loops() {
            return List.of(only);
        }

        @Override
        public boolean bypass(EventLoop one, boolean goes) {
            around.add(goes ? "around" : "through");
            return goes;
        }

        @Override
        public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) {
            throw new AssertionError("nobody listens here");
        }

        @Override
        public Cancellable connect(EventLoop on, ConnectSpec spec, ConnectListener done) {
            throw new AssertionError("nobody connects here");
        }
    }

    private static Provider provider(Object service, Post post, String bundle, String version) {
        return new Provider(service, new Provider.Origin(post, bundle, version), new BundleGuard(System::nanoTime, account -> { }));
    }

    @BeforeEach
    void watchIt() {
        serving = Serving.NOBODY.with(blocking).with(newer);
        watch.add(provider(transport, new Post(Role.TRANSPORT, "still"), "x.transport", "1.0.0"));
        look(1);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            nanos += LoopWatch.INTERVAL.toNanos();
            watch.look();
        }
    }

    private LoopView view() {
        return watch.views().getFirst();
    }

    @Test
    void loopThatAnswersTurns() {
        look(20);

        assertThat(view().state()).isEqualTo(State.TURNING);
        assertThat(view().name()).isEqualTo(Thread.currentThread().getName());
        assertThat(watch.problems()).isEmpty();
        assertThat(transport.around()).isEmpty();
    }

    @Test
    void loopIsStalledAfterTwoSecondsAndLostAfterTen() {
        loop.stands = true;
        look(1 + 1);
        assertThat(view().state()).isEqualTo(State.TURNING);
        assertThat(view().silent()).isEqualTo(Duration.ofSeconds(1));

        look(1);
        assertThat(view().state()).isEqualTo(State.STALLED);
        assertThat(watch.turns(loop)).isFalse();
        assertThat(watch.problems()).extracting(Problem::code).containsExactly(LoopEvents.LOOP_STALLED);
        assertThat(watch.lost()).isEmpty();
        assertThat(transport.around()).containsExactly("around");

        look(7);
        assertThat(view().state()).isEqualTo(State.STALLED);
        assertThat(view().silent()).isEqualTo(Duration.ofSeconds(9));

        look(1);
        assertThat(view().state()).isEqualTo(State.LOST);
        assertThat(watch.lost()).extracting(Problem::code).containsExactly(LoopEvents.LOOP_LOST);
        assertThat(loop.waiting).as("it is asked once").hasSize(1);
    }

    @Test
    void loopThatComesBackIsGivenConnectionsAgain() {
        loop.stands = true;
        look(14);

        loop.goOn();
        look(1);

        assertThat(view().state()).isEqualTo(State.TURNING);
        assertThat(view().silent()).isZero();
        assertThat(watch.problems()).isEmpty();
        assertThat(watch.lost()).isEmpty();
        assertThat(transport.around()).containsExactly("around", "through");
    }

    @Test
    void pauseOfTheWholeMachineIsNoStall() {
        loop.stands = true;
        look(2);
        for (int i = 0; i < 5; i++) {
            nanos += Duration.ofHours(1).toNanos();
            watch.look();
        }

        assertThat(view().state()).isEqualTo(State.TURNING);
    }

    @Test
    void loopThatHasEndedIsWatchedNoMore() {
        loop.ended = true;

        look(1);

        assertThat(watch.views()).isEmpty();
        assertThat(watch.turns(loop)).isTrue();
    }

    @Test
    void whoHoldsALoopIsNamedAndCharged() {
        watch.owners(new CodeOwners("x.engine", name -> name.equals(getClass().getName())
            ? List.of(new Holder("x.rude", "1.0.0"), new Holder("x.rude", "2.0.0")) : List.of()));
        loop.stands = true;

        look(3);

        assertThat(view().holder()).contains(new Holder("x.rude", "1.0.0"));
        assertThat(blocking.view(true).faults()).isEqualTo(1);
        assertThat(newer.view(true).faults()).isZero();
        look(20);
        assertThat(blocking.view(true).faults()).as("once a stall").isEqualTo(1);
    }

    @Test
    void ofSeveralVersionsItIsTheOneThatTheFlowHolds() {
        CodeOwners owners = new CodeOwners("x.engine", name -> switch (name) {
            case "engine.Guarded" -> List.of(new Holder("x.engine", "1.0.0"));
            case "rude.Sleeper" -> List.of(new Holder("x.rude", "1.0.0"), new Holder("x.rude", "2.0.0"));
            case "other.Caller" -> List.of(new Holder("x.other", "1.0.0"));
            default -> List.of();
        });
        StackTraceElement[] stack = {new StackTraceElement(null, "java.base", "25", "java.lang.Thread", "sleep", "Thread.java", 1),
            frame("engine.Guarded"), frame("rude.Sleeper"), frame("other.Caller")};

        assertThat(owners.of(stack, Map.of("x.rude", "2.0.0"), serving)).contains(new Holder("x.rude", "2.0.0"));
        assertThat(owners.of(stack, Map.of(), serving)).as("the one that serves").contains(new Holder("x.rude", "1.0.0"));
        assertThat(owners.of(new StackTraceElement[] {frame("engine.Guarded")}, Map.of(), serving)).isEqualTo(Optional.empty());
    }

    private static StackTraceElement frame(String type) {
        return new StackTraceElement(type, "method", "File.java", 1);
    }
}
