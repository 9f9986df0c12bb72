// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portunus.model.Target;
import io.portunus.model.TargetGroup.Pick;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PickerTest {
    private final Random random = new Random(11);

    /** Weights and loads that a test sets. */
    private static final class Table implements Field {
        final int[] weights;
        final int[] loads;
        InetAddress client = InetAddress.ofLiteral("198.51.100.1");

        Table(int... weights) {
            this.weights = weights;
            this.loads = new int[weights.length];
        }

        long all() {
            return (1L << weights.length) - 1;
        }

        @Override
        public int weight(int place) {
            return 100 * weights[place];
        }

        @Override
        public int load(int place) {
            return loads[place];
        }

        @Override
        public InetAddress client() {
            return client;
        }
    }

    private Picker picker(Pick pick, int places) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            targets.add(World.target("192.0.2." + (i + 1) + ":80"));
        }
        return Picker.of(pick, targets, () -> random);
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesTheFirstThatMayBePicked() {
        assertThat(picker(Pick.FIRST, 4).pick(0b1100, new Table(1, 1, 1, 9))).isEqualTo(2);
    }

    @Test
    void spreadsTheHeavyOnesOutAsNginxDoes() {
        Table table = new Table(5, 1, 1);
        Picker picker = picker(Pick.ROUND_ROBIN, 3);
        StringBuilder order = new StringBuilder();

        for (int i = 0; i < 14; i++) {
            order.append((char) ('a' + picker.pick(table.all(), table)));
        }

        assertThat(order).hasToString("aabacaaaabacaa");
    }

    @Test
    void leavesOutWhatMayNotBePickedAndGoesOnFairly() {
        Table table = new Table(2, 1, 1);
        Picker picker = picker(Pick.ROUND_ROBIN, 3);
        int[] picked = new int[3];

        for (int i = 0; i < 400; i++) {
            picked[picker.pick(i < 200 ? 0b110 : 0b111, table)]++;
        }

        assertThat(picked).containsExactly(100, 150, 150);
    }

    @Test
    @Timeout(20)
    void countsEachPickOfManyLoopsOnce() throws InterruptedException {
        Table table = new Table(3, 1);
        Picker picker = picker(Pick.ROUND_ROBIN, 2);
        AtomicIntegerArray picked = new AtomicIntegerArray(2);
        CountDownLatch done = new CountDownLatch(4);

        for (int thread = 0; thread < 4; thread++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 10_000; i++) {
                    picked.incrementAndGet(picker.pick(0b11, table));
                }
                done.countDown();
            });
        }

        assertThat(done.await(15, TimeUnit.SECONDS)).isTrue();
        assertThat(picked.get(0)).isEqualTo(30_000);
        assertThat(picked.get(1)).isEqualTo(10_000);
    }

    @Test
    void picksTheFewestConnectionsForTheWeight() {
        Table table = new Table(4, 1, 2);
        Picker picker = picker(Pick.LEAST_CONNECTIONS, 3);

        table.loads[0] = 5;
        table.loads[1] = 1;
        table.loads[2] = 3;

        assertThat(picker.pick(table.all(), table)).isEqualTo(1);
        table.loads[1] = 2;
        assertThat(picker.pick(table.all(), table)).isZero();
    }

    @Test
    void turnsAmongThoseWithEquallyFewConnections() {
        Table table = new Table(2, 1, 1);
        Picker picker = picker(Pick.LEAST_CONNECTIONS, 3);
        int[] picked = new int[3];

        for (int i = 0; i < 400; i++) {
            picked[picker.pick(table.all(), table)]++;
        }

        assertThat(picked).containsExactly(200, 100, 100);
    }

    @Test
    void fillsTargetsInProportionToTheirWeights() {
        Table table = new Table(3, 2, 1);
        Picker picker = picker(Pick.LEAST_CONNECTIONS, 3);

        for (int i = 0; i < 600; i++) {
            table.loads[picker.pick(table.all(), table)]++;
        }

        assertThat(table.loads).containsExactly(300, 200, 100);
    }

    @Test
    void givesEachClientTheSameTargetAndEachTargetItsShare() {
        Table table = new Table(1, 2, 5);
        Picker picker = picker(Pick.SOURCE_HASH, 3);
        int[] picked = new int[3];

        for (int i = 0; i < 80_000; i++) {
            table.client = address(i);
            int place = picker.pick(table.all(), table);
            assertThat(picker(Pick.SOURCE_HASH, 3).pick(table.all(), table)).isEqualTo(place);
            picked[place]++;
        }

        assertThat(picked[0]).isCloseTo(10_000, within(400));
        assertThat(picked[1]).isCloseTo(20_000, within(500));
        assertThat(picked[2]).isCloseTo(50_000, within(600));
    }

    @Test
    void movesOnlyTheClientsOfTheTargetThatLeaves() {
        Table table = new Table(1, 1, 1, 1, 1);
        Picker picker = picker(Pick.SOURCE_HASH, 5);
        int[] tookOver = new int[5];

        for (int i = 0; i < 20_000; i++) {
            table.client = address(i);
            int before = picker.pick(table.all(), table);
            int after = picker.pick(table.all() & ~0b00100, table);
            if (before != 2) {
                assertThat(after).isEqualTo(before);
            } else {
                tookOver[after]++;
            }
        }

        assertThat(tookOver[2]).isZero();
        assertThat(Arrays.stream(tookOver).sum()).isCloseTo(4_000, within(300));
        assertThat(Arrays.stream(tookOver).filter(took -> took > 0).min().orElseThrow()).isGreaterThan(800);
    }

    @Test
    void hashesTheTextOfTargetsAndNotTheirPlaces() {
        Table table = new Table(1, 1, 1);
        Picker one = new SourceHash(List.of("a.example:80", "b.example:80", "c.example:80"));
        Picker other = new SourceHash(List.of("c.example:80", "a.example:80", "b.example:80"));

        for (int i = 0; i < 1000; i++) {
            table.client = address(i);
            assertThat(other.pick(table.all(), table)).isEqualTo((one.pick(table.all(), table) + 1) % 3);
        }
    }

    @Test
    void hashesAlikeOnEveryNode() {
        Table table = new Table(1, 1, 1, 1);
        Picker picker = picker(Pick.SOURCE_HASH, 4);
        StringBuilder places = new StringBuilder();

        for (String client : List.of("198.51.100.1", "198.51.100.2", "198.51.100.3", "2001:db8::1", "2001:db8::2", "10.0.0.1", "::1")) {
            table.client = InetAddress.ofLiteral(client);
            places.append(picker.pick(table.all(), table));
        }

        assertThat(places.toString()).as("a change moves every client of every fleet").isEqualTo("0121131");
    }

    @Test
    void drawsTwoAndTakesTheLessLoaded() {
        Table table = new Table(1, 1);
        Picker picker = picker(Pick.RANDOM_TWO, 2);
        table.loads[0] = 4;

        assertThat(World.times(50, () -> picker.pick(table.all(), table))).containsOnly(1);
        assertThat(picker.pick(0b01, table)).isZero();
    }

    @Test
    void drawsByWeightWhileNobodyIsLoaded() {
        Table table = new Table(1, 1, 6);
        Picker picker = picker(Pick.RANDOM_TWO, 3);
        int[] picked = new int[3];

        for (int i = 0; i < 8000; i++) {
            picked[picker.pick(table.all(), table)]++;
        }

        assertThat(picked[2]).isCloseTo(6000, within(200));
        assertThat(picked[0]).isCloseTo(1000, within(150));
    }

    @Test
    void keepsLoadsCloseWithTwoChoices() {
        Table table = new Table(1, 1, 1, 1, 1, 1, 1, 1);
        Picker picker = picker(Pick.RANDOM_TWO, 8);

        for (int i = 0; i < 8000; i++) {
            table.loads[picker.pick(table.all(), table)]++;
        }

        assertThat(Arrays.stream(table.loads).max().orElseThrow() - Arrays.stream(table.loads).min().orElseThrow()).isLessThan(12);
    }
}
