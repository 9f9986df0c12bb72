// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.spi.StreamFlow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose code keeps a loop. Looks are made within a turn, as the watch's thread makes them. */
class TurnWatchTest extends EngineSetup {
    private final AtomicLong nanos = new AtomicLong(Duration.ofHours(1).toNanos());
    private TurnWatch.Looks looks;

    @BeforeEach
    void serve() {
        engine.ceilings(ceilings(100, 10, 1 << 20));
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        LoopTurn turn = ((ServedFlow) flow()).turn();
        looks = new TurnWatch(() -> List.of(turn), nanos::get).new Looks();
        looks.run();
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            nanos.addAndGet(Duration.ofMillis(FlowVersions.LOOK_MILLIS).toNanos());
            looks.run();
        }
    }

    private long slowTurns() {
        return engine.providers().stream().filter(its -> its.bundle().equals("x.tcp")).findFirst().orElseThrow().results().slowTurns();
    }

    private StreamFlow flow() {
        transport.connectTo(1);
        return handler.flows.getLast();
    }

    @Test
    void turnThatLastsOverTwoLooksIsChargedOnce() {
        flow().run(() -> looks(5));
        assertThat(slowTurns()).isEqualTo(1);

        StreamFlow other = flow();
        other.run(() -> looks(2));
        other.run(() -> looks(2));

        assertThat(slowTurns()).isEqualTo(2);
    }

    @Test
    void shortTurnsAreChargedToNobody() {
        StreamFlow flow = flow();
        for (int i = 0; i < 10; i++) {
            flow.run(() -> looks(1));
        }
        looks(3);

        assertThat(slowTurns()).isZero();
    }

    @Test
    void lookThatIsLateProvesNothing() {
        flow().run(() -> {
            looks(1);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            looks(1);
        });

        assertThat(slowTurns()).isZero();
    }

    @Test
    void turnEndsAlsoWhenItThrows() {
        flow().run(() -> {
            throw new IllegalStateException("as the test wants");
        });
        looks(3);
        flow().run(() -> looks(2));

        assertThat(slowTurns()).isEqualTo(1);
    }
}
