// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Cancellable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final int MANY = 100_000;

    private final List<Integer> ran = new ArrayList<>();
    private final Timers timers = new Timers(Runnable::run);

    private Cancellable add(long now, long delay, int number) {
        Cancellable timer = timers.timer(now, delay, () -> ran.add(number));
        timers.add(timer);
        return timer;
    }

    @Test
    void runWhenTheyAreDueAndNotBefore() {
        add(100, 30, 3);
        add(100, 10, 1);
        add(100, 20, 2);

        assertThat(timers.untilNext(100)).isEqualTo(10);
        timers.run(109);
        assertThat(ran).isEmpty();
        timers.run(120);
        assertThat(ran).containsExactly(1, 2);
        assertThat(timers.untilNext(125)).isEqualTo(5);
        assertThat(timers.untilNext(200)).isZero();
        timers.run(200);
        assertThat(ran).containsExactly(1, 2, 3);
        assertThat(timers.untilNext(200)).isNegative();
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void cancelledNeverRunAndAreNotWaitedFor() {
        Cancellable first = add(0, 10, 1);
        add(0, 20, 2);

        first.cancel();
        first.cancel();

        assertThat(timers.untilNext(0)).isEqualTo(20);
        timers.run(30);
        first.cancel();
        assertThat(ran).containsExactly(2);
    }

    @Test
    void clockMayOverflowAndDelaysMayBeEndless() {
        add(Long.MAX_VALUE - 5, 10, 1);
        add(Long.MAX_VALUE - 5, Long.MAX_VALUE, 2);
        add(Long.MAX_VALUE - 5, -1, 0);

        timers.run(Long.MAX_VALUE);
        assertThat(ran).containsExactly(0);
        timers.run(Long.MIN_VALUE + 4);
        assertThat(ran).containsExactly(0, 1);
        assertThat(timers.untilNext(Long.MIN_VALUE + 4)).isPositive();
    }

    @Test
    void heapOfCancelledTimersStaysSmall() {
        for (int i = 0; i < MANY; i++) {
            add(0, 1_000_000 + i, i).cancel();
        }

        assertThat(timers.size()).isLessThan(1000);
    }
}
