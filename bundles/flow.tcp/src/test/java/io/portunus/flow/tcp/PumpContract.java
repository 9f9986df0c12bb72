// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryPath;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one direction owes, whichever way its bytes go. */
abstract class PumpContract {
    static final int MANY = 1 << 20;

    final MemoryLoop loop = new MemoryLoop();
    final MemoryStream source = new MemoryStream(loop);
    final MemoryStream sink = new MemoryStream(loop);
    final MemoryPath path = new MemoryPath();
    final Conductor conductor = new Conductor();
    final BufferPool buffers = new BufferPool();
    Pump pump = pump(Budget.UNLIMITED);

    /** Where the pump under test gets its lanes. */
    abstract Pump.Lanes lanes();

    final Pump pump(Budget budget) {
        return new Pump(source, sink, new Pump.Supplies(buffers, lanes()), () -> budget, conductor);
    }

    /** Does for one direction what a flow does for two. */
    final class Conductor implements Pump.Owner, StreamEvents {
        final List<Pump.Step> ends = new ArrayList<>();
        long moved;
        int mostAtOnce;
        boolean maySpill = true;
        int spilled;

        void begin() {
            source.events(this);
            sink.events(this);
            apply(Pump.Step.WAIT);
        }

        private void apply(Pump.Step step) {
            if (step != Pump.Step.WAIT) {
                ends.add(step);
            }
            boolean open = ends.isEmpty();
            source.interest(open && pump.readInterest(), false);
            sink.interest(false, open && pump.writeInterest());
        }

        @Override
        public void moved(Pump mover, int bytes) {
            moved += bytes;
            mostAtOnce = Math.max(mostAtOnce, bytes);
        }

        @Override
        public boolean maySpill() {
            return maySpill;
        }

        @Override
        public void spilled(int more) {
            spilled += more;
        }

        @Override
        public void mayGoOn(Pump resumed) {
            apply(resumed.readable());
            source.announce();
        }

        @Override
        public void readable(Stream stream) {
            apply(pump.readable());
        }

        @Override
        public void writable(Stream stream) {
            apply(pump.writable());
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        pump.release();
        assertThat(path.opened).isEqualTo(path.closed);
        assertThat(conductor.spilled).isZero();
        assertThat(loop.pending()).isZero();
    }

    static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    /** A1: while too much waits, nothing is read that the other side has no room for. */
    @Test
    void whereNothingMayBeLeftNoneIsReadBeforeTheSinkTakesBytes() {
        conductor.maySpill = false;
        conductor.begin();
        sink.window(0);

        source.peerSends(noise(100_000));
        assertThat(conductor.spilled).isZero();
        while (pump.writeInterest()) {
            sink.window(Integer.MAX_VALUE);
        }

        assertThat(sink.written()).isEqualTo(noise(100_000));
        source.peerEnds();
        sink.window(Integer.MAX_VALUE);
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
    }

    @Test
    void fewBytesArriveAndAreCounted() {
        conductor.begin();

        source.peerSends(new byte[] {1, 2, 3});

        assertThat(sink.written()).containsExactly(1, 2, 3);
        assertThat(conductor.moved).isEqualTo(3);
        assertThat(path.opened).isZero();
    }

    @Test
    void manyBytesArriveInTheirOrderAndTheEndAfterThem() {
        conductor.begin();

        source.peerSends(noise(MANY));
        assertThat(sink.outputEnded()).isFalse();
        source.peerEnds();

        assertThat(sink.written()).isEqualTo(noise(MANY));
        assertThat(conductor.moved).isEqualTo(MANY);
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
        assertThat(sink.outputEnded()).isTrue();
        assertThat(pump.readInterest()).isFalse();
        assertThat(pump.writeInterest()).isFalse();
    }

    @Test
    void readsNoMoreThanTheSinkTakesAndOneLot() {
        sink.window(1000);
        conductor.begin();

        source.peerSends(noise(MANY));

        for (int taken = 1000; source.unread() > 0; taken += 50_000) {
            assertThat(pump.readInterest()).isFalse();
            assertThat(pump.writeInterest()).isTrue();
            assertThat(MANY - source.unread() - taken).isBetween(0, Math.max(EventLoop.SCRATCH_BYTES, MemoryPath.LANE_BYTES));
            sink.window(50_000);
            source.announce();
        }
        sink.window(MANY);
        assertThat(sink.written()).isEqualTo(noise(MANY));
        assertThat(pump.readInterest()).isTrue();
        assertThat(conductor.mostAtOnce).isLessThanOrEqualTo(50_000);
    }

    @Test
    void endWaitsForTheBytesBeforeIt() {
        conductor.begin();
        source.peerSends(noise(MANY));
        sink.window(10);
        source.peerSends(noise(100));
        source.peerEnds();

        assertThat(sink.outputEnded()).isFalse();

        sink.window(MANY);
        source.announce();
        assertThat(sink.written()).hasSize(MANY + 100).endsWith(noise(100));
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
    }

    @Test
    void resetOfTheSourceComesAfterItsLastWords() {
        conductor.begin();
        source.peerSends(noise(MANY));

        source.peerResets(new byte[] {7, 8});
        source.announce();

        assertThat(sink.written()).hasSize(MANY + 2).endsWith(7, 8);
        assertThat(conductor.ends).containsExactly(Pump.Step.SOURCE_RESET);
        assertThat(sink.outputEnded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void resetOfTheSinkIsReported(int before) {
        conductor.begin();
        source.peerSends(noise(before));
        sink.peerResets(new byte[0]);

        source.peerSends(new byte[] {1});

        assertThat(conductor.ends).containsExactly(Pump.Step.SINK_RESET);
    }

    @Test
    void bytesReadBeforeTheBeginningGoFirst() {
        sink.window(3);
        conductor.begin();
        conductor.apply(pump.replay(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}), false));
        source.peerSends(noise(MANY));
        assertThat(source.unread()).isEqualTo(MANY);

        sink.window(Integer.MAX_VALUE);
        source.announce();

        assertThat(sink.written()).hasSize(MANY + 5).startsWith(1, 2, 3, 4, 5).endsWith(Arrays.copyOfRange(noise(MANY), MANY - 9, MANY));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bytesArriveHoweverTheyComeAndAreTaken(long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        conductor.begin();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(6)) {
                case 0 -> sink.window(random.nextInt(200_000));
                case 1 -> path.exhausted = random.nextInt(4) == 0;
                case 2 -> path.unsupported = random.nextInt(4) == 0;
                default -> {
                    byte[] some = noise(random.nextInt(random.nextBoolean() ? 2_000 : 300_000));
                    sent.writeBytes(some);
                    source.peerSends(some);
                }
            }
        }
        source.peerEnds();
        sink.window(Integer.MAX_VALUE);
        source.announce();

        assertThat(Arrays.equals(sink.written(), sent.toByteArray())).isTrue();
        assertThat(conductor.moved).isEqualTo(sent.size());
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
    }

    // Budgets.

    /** Lets so many bytes a second pass, 64 KiB of them at once. */
    private final class Bucket implements Budget {
        private static final int BURST = 64 * 1024;
        private static final int LEAST = 4 * 1024;
        private final long bytesPerSecond;
        private long filled;
        private double tokens = BURST;
        private boolean waits;

        Bucket(long bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
        }

        @Override
        public int grant(int wanted, Runnable again) {
            assertThat(waits).isFalse();
            tokens = Math.min(BURST, tokens + (loop.nanos() - filled) / 1e9 * bytesPerSecond);
            filled = loop.nanos();
            int granted = Math.min(wanted, (int) tokens);
            if (granted < Math.min(wanted, LEAST)) {
                waits = true;
                loop.after(Duration.ofMillis(1), () -> {
                    waits = false;
                    again.run();
                });
                return 0;
            }
            tokens -= granted;
            return granted;
        }

        @Override
        public void giveBack(int unused) {
            assertThat(unused).isPositive();
            tokens += unused;
        }
    }

    @Test
    void cappedBulkKeepsItsRate() {
        long bytesPerSecond = 10_000_000;
        pump = pump(new Bucket(bytesPerSecond));
        conductor.begin();
        source.peerSends(noise(30 * MANY));

        for (int millis = 0; millis < 2_000; millis++) {
            loop.pass(Duration.ofMillis(1));
        }

        assertThat((double) conductor.moved).isBetween(0.95 * 2 * bytesPerSecond, 1.05 * 2 * bytesPerSecond);
        assertThat(Arrays.equals(sink.written(), Arrays.copyOf(noise(30 * MANY), (int) conductor.moved))).isTrue();
        wentItsWay();
        pump.release();
        loop.pass(Duration.ofMillis(1));
        assertThat(pump.writeInterest()).isFalse();
    }

    /** That the bulk of the bytes went the way this test is about. */
    abstract void wentItsWay();

    @Test
    void cappedTrickleGivesBackWhatItDoesNotUse() {
        pump = pump(new Bucket(1000));
        conductor.begin();

        for (int i = 0; i < 1000; i++) {
            source.peerSends(new byte[] {(byte) i});
        }

        assertThat(conductor.moved).isEqualTo(1000);
    }

    @Test
    void budgetWithoutAnythingStopsReadingUntilItHasSome() {
        List<Runnable> waiting = new ArrayList<>();
        int[] left = {5};
        pump = pump(new Budget() {
            @Override
            public int grant(int wanted, Runnable again) {
                int granted = Math.min(wanted, left[0]);
                left[0] -= granted;
                if (granted == 0) {
                    waiting.add(again);
                }
                return granted;
            }

            @Override
            public void giveBack(int unused) {
                left[0] += unused;
            }
        });
        conductor.begin();

        source.peerSends(noise(12));
        assertThat(sink.written()).hasSize(5);
        assertThat(pump.readInterest()).isFalse();
        assertThat(pump.readable()).isEqualTo(Pump.Step.WAIT);
        assertThat(waiting).hasSize(1);

        left[0] = 5;
        waiting.removeFirst().run();
        assertThat(sink.written()).hasSize(10);
        assertThat(waiting).hasSize(1);

        left[0] = 5;
        waiting.removeFirst().run();
        assertThat(sink.written()).isEqualTo(noise(12));
        assertThat(left[0]).isEqualTo(3);
        assertThat(waiting).isEmpty();
        assertThat(pump.readInterest()).isTrue();
    }

    @Test
    void budgetThatComesTooLateMovesNothing() {
        List<Runnable> waiting = new ArrayList<>();
        pump = pump(new Budget() {
            @Override
            public int grant(int wanted, Runnable again) {
                waiting.add(again);
                return 0;
            }

            @Override
            public void giveBack(int unused) {
                throw new AssertionError("nothing was granted");
            }
        });
        conductor.begin();
        source.peerSends(noise(12));
        pump.release();

        waiting.removeFirst().run();

        assertThat(waiting).isEmpty();
        assertThat(sink.written()).isEmpty();
    }

    @Test
    void budgetPaysForWhatWasReadBeforeThereWasAPump() {
        StingyBudget budget = new StingyBudget();
        pump = pump(budget);

        pump.replay(ByteBuffer.wrap(new byte[7]), false);

        assertThat(budget.spent()).isEqualTo(7);
        assertThat(conductor.moved).isEqualTo(7);
    }

    @Test
    void budgetPaysForWhatWasTakenAlthoughTheSinkIsFull() {
        StingyBudget budget = new StingyBudget();
        pump = pump(budget);
        conductor.begin();
        budget.put(MANY);
        source.peerSends(noise(MANY / 2));
        sink.window(10);
        source.peerSends(noise(MANY));

        // Some bytes wait between source and sink: paid for, not delivered, and nothing more is asked.
        int waiting = budget.used() - (int) conductor.moved;
        assertThat(waiting).isPositive();
        assertThat(MANY / 2 + MANY - source.unread()).isEqualTo(budget.used());
        assertThat(pump.readInterest()).isFalse();
        sink.window(waiting);
        source.announce();

        assertThat(budget.used()).isGreaterThanOrEqualTo((int) conductor.moved);
        sink.window(Integer.MAX_VALUE);
        budget.put(MANY);
        source.announce();
        assertThat(budget.used()).isEqualTo(MANY / 2 + MANY);
        assertThat(conductor.moved).isEqualTo(MANY / 2 + MANY);
    }

    @Test
    void endBehindTheLastByteOfABudgetIsPassedOnOnceThereIsMore() {
        StingyBudget budget = new StingyBudget();
        pump = pump(budget);
        conductor.begin();
        budget.put(MANY);
        source.peerSends(noise(MANY));
        source.peerSends(noise(12));
        source.peerEnds();
        assertThat(sink.outputEnded()).isFalse();

        for (int i = 0; i < 12; i++) {
            assertThat(budget.waits()).isTrue();
            budget.put(1);
            source.announce();
        }
        assertThat(sink.outputEnded()).isFalse();
        budget.put(1);

        assertThat(sink.outputEnded()).isTrue();
        assertThat(sink.written()).hasSize(MANY + 12).endsWith(noise(12));
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
        assertThat(budget.used()).isEqualTo(MANY + 12);
    }

    @Test
    void resetOfTheSourceIsNoticedOnceThereIsBudgetAgain() {
        StingyBudget budget = new StingyBudget();
        pump = pump(budget);
        conductor.begin();
        budget.put(MANY);
        source.peerSends(noise(MANY + 5));
        source.peerResets(new byte[] {7, 8});

        budget.put(100);
        source.announce();

        assertThat(sink.written()).hasSize(MANY + 7).endsWith(7, 8);
        assertThat(conductor.ends).containsExactly(Pump.Step.SOURCE_RESET);
        assertThat(budget.used()).isEqualTo(MANY + 7);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void cappedBytesArriveHoweverTheyComeAndAreTaken(long seed) {
        Random random = new Random(seed);
        StingyBudget budget = new StingyBudget();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        pump = pump(budget);
        conductor.begin();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(6)) {
                case 0 -> sink.window(random.nextInt(200_000));
                case 1 -> path.unsupported = random.nextInt(4) == 0;
                case 2, 3 -> budget.put(random.nextInt(random.nextBoolean() ? 300 : 300_000));
                default -> {
                    byte[] some = noise(random.nextInt(random.nextBoolean() ? 2_000 : 300_000));
                    sent.writeBytes(some);
                    source.peerSends(some);
                }
            }
            source.announce();
            assertThat(budget.used()).isEqualTo(sent.size() - source.unread());
            assertThat(conductor.moved).isLessThanOrEqualTo(budget.used());
        }
        source.peerEnds();
        sink.window(Integer.MAX_VALUE);
        budget.put(sent.size());
        source.announce();

        assertThat(Arrays.equals(sink.written(), sent.toByteArray())).isTrue();
        assertThat(budget.used()).isEqualTo(sent.size());
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
    }

    @Test
    void lastWordsOfTheSourceDoNotWaitForTheBudget() {
        StingyBudget budget = new StingyBudget();
        pump = pump(budget);
        conductor.begin();
        budget.put(MANY);
        source.peerSends(noise(MANY));
        source.peerSends(noise(12));
        assertThat(budget.waits()).isTrue();

        pump.lastWords();

        assertThat(sink.written()).hasSize(MANY + 12).endsWith(noise(12));
    }

    /** A2: whoever wrote to the source was answered that it was reset; what the system answers to who reads is an end. */
    @ParameterizedTest
    @ValueSource(ints = {0, 12, 300_000})
    void endOfASourceThatWasResetIsNotPassedOn(int lastWords) {
        source.peerSends(noise(lastWords));
        source.peerEnds();

        pump.lastWords();

        assertThat(sink.written()).isEqualTo(noise(lastWords));
        assertThat(sink.outputEnded()).isFalse();
        assertThat(pump.done()).isFalse();
    }
}
