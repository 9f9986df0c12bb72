// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portunus.flow.spi.CellKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private long now = Long.MAX_VALUE - 3 * SECOND;
    private final OwnCells cells = new OwnCells();
    private final Bucket bucket = bucket();

    private Bucket bucket() {
        return new Bucket(cells.hold(CellKey.of("bucket")), () -> now);
    }

    private void set(long rate, long burst) {
        bucket.set(new Limits.Pace(rate, burst));
    }

    /** The clock passes the end of its numbers meanwhile. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 8 * 1024, 1_000_000, 625_000_000, 125_000_000_000L})
    void whateverIsAskedForAndWheneverNoMoreIsHandedOutThanRateAndBurst(long rate) {
        Random random = new Random(rate);
        long burst = Math.max(1, rate / 4);
        set(rate, burst);
        long began = now;
        double given = 0;
        while (now - began < 10 * SECOND) {
            int taken = bucket.take(1 + random.nextInt(1 << 20), 1);
            if (taken > 0 && random.nextInt(4) == 0) {
                int unused = random.nextInt(taken + 1);
                bucket.giveBack(unused);
                taken -= unused;
            }
            given += taken;
            double most = burst + (now - began) / 1e9 * rate;
            assertThat(given).isLessThanOrEqualTo(most * 1.0001 + 1);
            now += 1 + random.nextInt((int) Math.min(SECOND / 50, Math.max(2, (1L << 29) / rate * SECOND / 1000 + SECOND / 1000)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8 * 1024, 1_000_000, 625_000_000})
    void whoTakesAllThereIsGetsTheRate(long rate) {
        set(rate, rate / 100);
        long began = now;
        double given = 0;
        while (now - began < 10 * SECOND) {
            given += bucket.take(1 << 20, 1);
            now += 1_000_000;
        }
        assertThat(given / (10.0 * rate)).isCloseTo(1, within(0.02));
    }

    @Test
    void bookingsAreServedInTheirOrderAndAtTheRate() {
        set(1000, 100);
        assertThat(bucket.take(100, 1)).isEqualTo(100);
        long began = now;

        assertThat(bucket.book(10) - began).isEqualTo(SECOND / 100);
        assertThat(bucket.book(10) - began).isEqualTo(2 * SECOND / 100);
        assertThat(bucket.take(1, 1)).as("who comes later has to wait for those").isZero();
        bucket.giveBack(10);
        now += 2 * SECOND / 100;
        assertThat(bucket.take(100, 1)).isEqualTo(10);
    }

    @Test
    void whatItHasIsKeptWhenItsLimitsChangeUpToTheBurst() {
        set(1000, 1000);
        assertThat(bucket.take(700, 1)).isEqualTo(700);

        set(10, 20);
        assertThat(bucket.take(1000, 1)).isEqualTo(20);
        set(10, 500);
        assertThat(bucket.take(1000, 1)).as("a higher burst is no gift").isZero();
        set(1_000_000, 1_000_000);
        now += SECOND;
        assertThat(bucket.take(2_000_000, 1)).isEqualTo(1_000_000);
    }

    @Test
    void limitThatIsRemovedAndComesBackBeginsFull() {
        set(10, 10);
        assertThat(bucket.take(10, 1)).isEqualTo(10);
        bucket.set(Limits.Pace.ANY);
        assertThat(bucket.take(1_000_000, 1)).isEqualTo(1_000_000);
        set(10, 10);

        assertThat(bucket.take(1_000_000, 1)).isEqualTo(10);
    }

    @Test
    void datagramLongerThanTheBurstPassesWhenItIsFullAndIsPaidForAfterwards() {
        set(1000, 10);

        assertThat(bucket.takeOrBorrow(1400)).isEqualTo(1400);
        now += SECOND;
        assertThat(bucket.takeOrBorrow(1400)).isZero();
        now += 4 * SECOND / 10;
        assertThat(bucket.takeOrBorrow(1400)).isEqualTo(1400);
    }

    @Test
    void loopsThatTakeAtOnceGetNoMoreThanThereIs() throws InterruptedException, ExecutionException {
        set(1, 60);
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(loops.submit(() -> {
                    Bucket same = bucket();
                    int taken = 0;
                    for (int n = 0; n < 10_000; n++) {
                        taken += same.take(1, 1);
                    }
                    return taken;
                }));
            }
            int sum = 0;
            for (Future<Integer> each : all) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(60);
        }
    }
}
