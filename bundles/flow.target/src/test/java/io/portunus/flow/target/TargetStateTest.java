// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Rule;
import io.portunus.model.TargetGroup.Pick;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TargetStateTest {
    private static final int LOOPS = 4;

    private final World world = new World();
    private final Rule rule = World.rule(1, World.group(Pick.FIRST, World.target("192.0.2.1:80")));
    private final TargetState state = new TargetState(rule, rule.targets().targets().getFirst(), world.environment, new TargetEvents(() -> 1));

    private static void onLoops(Runnable each) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(LOOPS);
        for (int loop = 0; loop < LOOPS; loop++) {
            Thread.ofPlatform().start(() -> {
                each.run();
                done.countDown();
            });
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void neverGivesMorePlacesThanThereAre() throws InterruptedException {
        AtomicInteger most = new AtomicInteger();

        onLoops(() -> {
            for (int i = 0; i < 50_000; i++) {
                if (state.takePlace(2)) {
                    most.accumulateAndGet(state.load(), Math::max);
                    state.givePlace();
                }
            }
        });

        assertThat(most.get()).isBetween(1, 2);
        assertThat(state.load()).isZero();
    }

    @Test
    void givesATrialToOneLoopOnly() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            state.failed("refused", false);
        }
        world.pass(Duration.ofSeconds(10));
        AtomicInteger begun = new AtomicInteger();

        onLoops(() -> begun.addAndGet(state.beginTrial(world.now) ? 1 : 0));

        assertThat(begun.get()).isEqualTo(1);
    }

    @Test
    void countsFailuresOfAllLoopsAndTurnsOnce() throws InterruptedException {
        onLoops(() -> {
            for (int i = 0; i < 1000; i++) {
                state.failed("timeout", false);
            }
        });

        assertThat(state.counts().failures()).isEqualTo(1000L * LOOPS);
        assertThat(state.counts().flips()).isEqualTo(1);
    }
}
