// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessTurnsTest {
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicInteger looks = new AtomicInteger();
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> thread = new LinkedBlockingQueue<>();
    private final AccessTurns turns = new AccessTurns("test-writer", this::look, () -> !waiting.get(), () -> done.add("end"));

    private boolean look() {
        looks.incrementAndGet();
        thread.offer(Thread.currentThread());
        boolean any = waiting.compareAndSet(true, false);
        if (any) {
            done.add("work");
        }
        return any;
    }

    private String next() throws InterruptedException {
        return String.valueOf(done.poll(20, TimeUnit.SECONDS));
    }

    /** B20: a node without traffic is not woken by its log; WAITING is a wait without a time. */
    @Test
    void sleepsWhileThereIsNothingAndIsWokenByTheFirst() throws InterruptedException {
        turns.start();
        Thread its = thread.take();

        while (its.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        int before = looks.get();
        waiting.set(true);
        turns.wake();

        assertThat(next()).isEqualTo("work");
        assertThat(looks.get()).isGreaterThan(before);
        turns.close(Duration.ofSeconds(20));
        assertThat(next()).isEqualTo("end");
    }

    @Test
    void looksByItselfWhileThereIsWork() throws InterruptedException {
        turns.start();
        thread.take();

        for (int i = 0; i < 3; i++) {
            // Nobody wakes it.
            waiting.set(true);
            assertThat(next()).isEqualTo("work");
        }
        turns.close(Duration.ofSeconds(20));
    }

    @Test
    void doesWhatIsLeftBeforeItEnds() throws InterruptedException {
        turns.start();
        turns.execute(() -> done.add("task"));
        waiting.set(true);

        turns.close(Duration.ofSeconds(20));

        assertThat(done).contains("task", "work").endsWith("end");
    }

    @Test
    void goesOnAfterADefect() throws InterruptedException {
        turns.start();
        turns.execute(() -> {
            throw new IllegalStateException("broken on purpose by the test");
        });
        turns.execute(() -> done.add("task"));

        assertThat(next()).isEqualTo("task");
        turns.close(Duration.ofSeconds(20));
    }
}
