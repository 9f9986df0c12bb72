// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.logging.json.BoundedDrain.Bounds;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BoundedDrainTest {
    /** Lets the test decide when the first write returns. */
    private static final class Gate implements BoundedDrain.Sink<String> {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final List<String> written = new ArrayList<>();
        long lost;

        @Override
        public void write(List<String> batch, long dropped) {
            inside.countDown();
            try {
                open.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                return;
            }
            written.addAll(batch);
            lost += dropped;
        }

        @Override
        public void finish(long dropped) {
            lost += dropped;
        }
    }

    @Test
    void dropsAndCountsWhatHasNoRoom() throws InterruptedException {
        Gate gate = new Gate();
        BoundedDrain<String> drain = BoundedDrain.start("test-writer", new Bounds(3, 1000), String::length, gate);

        assertThat(drain.offer("1")).isTrue();
        gate.inside.await();
        assertThat(drain.offer("2")).isTrue();
        assertThat(drain.offer("3")).isTrue();
        assertThat(drain.offer("4")).isFalse();
        assertThat(drain.offer("5")).isFalse();
        gate.open.countDown();
        drain.close();

        assertThat(gate.written).containsExactly("1", "2", "3");
        assertThat(gate.lost).isEqualTo(2);
    }

    @Test
    void boundsTheWeightOfWhatWaits() throws InterruptedException {
        Gate gate = new Gate();
        BoundedDrain<String> drain = BoundedDrain.start("test-writer", new Bounds(100, 10), String::length, gate);

        assertThat(drain.offer("12345678")).isTrue();
        gate.inside.await();
        assertThat(drain.offer("123")).isFalse();
        assertThat(drain.offer("12")).isTrue();
        gate.open.countDown();
        drain.close();

        assertThat(gate.written).containsExactly("12345678", "12");
    }

    @Test
    void closesInTimeWhenAWriteHangs() throws InterruptedException {
        Gate gate = new Gate();
        BoundedDrain<String> drain = BoundedDrain.start("test-writer", new Bounds(3, 10), String::length, gate);
        drain.offer("1");
        gate.inside.await();

        drain.close();

        assertThat(gate.written).isEmpty();
        assertThat(drain.offer("2")).isFalse();
    }

    @Test
    void goesOnAfterASinkThatThrows() {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        BoundedDrain<String> drain = BoundedDrain.start("test-writer", new Bounds(3, 10), String::length, new BoundedDrain.Sink<String>() {
            @Override
            public void write(List<String> batch, long lost) {
                calls.incrementAndGet();
                first.countDown();
                throw new IllegalStateException("broken on purpose by the test");
            }

            @Override
            public void finish(long lost) {
                calls.addAndGet(100);
            }
        });

        drain.offer("1");
        drain.close();

        assertThat(first.getCount()).isZero();
        assertThat(calls).hasValue(101);
    }

    @Test
    void keepsTheOrderOfEachOfManyThreads() throws InterruptedException {
        List<String> written = new ArrayList<>();
        BoundedDrain<String> drain = BoundedDrain.start("test-writer", new Bounds(100_000, 10_000_000), String::length,
            new BoundedDrain.Sink<String>() {
                @Override
                public void write(List<String> batch, long lost) {
                    assertThat(batch).hasSizeLessThanOrEqualTo(BoundedDrain.MAX_BATCH);
                    written.addAll(batch);
                }

                @Override
                public void finish(long lost) {
                }
            });
        List<Thread> threads = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5000; i++) {
                    drain.offer(name + i);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        drain.close();

        for (String name : List.of("a", "b", "c")) {
            List<String> own = written.stream().filter(w -> w.startsWith(name)).toList();
            assertThat(own).hasSize(5000).startsWith(name + "0", name + "1").endsWith(name + "4999");
            assertThat(own).isSortedAccordingTo(java.util.Comparator.comparingInt(w -> Integer.parseInt(w.substring(1))));
        }
    }

    @Test
    void reportsInOneLineHowManyLinesWereDropped() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineSink sink = new LineSink(out, new JsonFormat(), InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z")));

        sink.write(List.of("{}\n"), 7);
        sink.finish(0);

        assertThat(out.toString(UTF_8).lines().toList()).hasSize(2).last().asString()
            .startsWith("{\"timestamp\":\"2026-01-02T03:04:05.678Z\",\"level\":\"WARN\"").contains("\"event\":\"log.dropped\",\"dropped\":7");
    }
}
