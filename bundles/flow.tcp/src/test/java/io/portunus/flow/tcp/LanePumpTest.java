// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.Stream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** With a path for bulk, and when a direction takes it. */
class LanePumpTest extends PumpContract {
    @Override
    Pump.Lanes lanes() {
        return path::open;
    }

    @Override
    void wentItsWay() {
        assertThat(path.opened).isEqualTo(1);
        assertThat(path.moved).isGreaterThan(conductor.moved * 9 / 10);
    }

    @Test
    void smallExchangesAreCopied() {
        conductor.begin();

        for (int i = 0; i < 1000; i++) {
            source.peerSends(noise(4096));
        }

        assertThat(path.opened).isZero();
        assertThat(conductor.moved).isEqualTo(4_096_000);
    }

    @Test
    void fullReadsInARowMakeItBulk() {
        conductor.begin();

        source.peerSends(noise(MANY));

        assertThat(path.opened).isEqualTo(1);
        // Reads of 16, 32, 64 and 64 KiB are copied.
        assertThat(path.moved).isEqualTo(MANY - 176 * 1024);
    }

    @Test
    void fullSinkAfterALargeReadMakesItBulkOnceNothingWaits() {
        sink.window(20_000);
        conductor.begin();
        source.peerSends(noise(48 * 1024));
        assertThat(path.opened).isZero();

        sink.window(10_000);
        assertThat(path.opened).isZero();
        sink.window(MANY);

        assertThat(path.opened).isEqualTo(1);
        assertThat(sink.written()).isEqualTo(noise(48 * 1024));
    }

    @Test
    void quietDirectionLetsItsLaneGoAndIsCopiedAgain() {
        conductor.begin();
        source.peerSends(noise(MANY));
        source.peerSends(noise(Pump.QUIET_BYTES));
        assertThat(path.closed).isZero();

        source.peerSends(noise(Pump.QUIET_BYTES - 1));
        assertThat(path.closed).isEqualTo(1);
        long byLane = path.moved;
        source.peerSends(noise(100));

        assertThat(path.moved).isEqualTo(byLane);
        assertThat(sink.written()).hasSize(MANY + 2 * Pump.QUIET_BYTES - 1 + 100);
        source.peerSends(noise(MANY));
        assertThat(path.opened).isEqualTo(2);
    }

    @Test
    void sourceThatALaneHasEmptiedIsLookedAtAgainInTheNextEventOnly() {
        AtomicInteger takes = new AtomicInteger();
        pump = new Pump(source, sink, new Pump.Supplies(buffers, (from, to) -> path.open(from, to).map(its -> new CountedLane(its, takes))),
            () -> Budget.UNLIMITED, conductor);
        conductor.begin();
        source.peerSends(noise(MANY));
        takes.set(0);

        source.peerSends(noise(Pump.QUIET_BYTES));
        assertThat(takes).hasValue(1);
        source.peerSends(noise(Pump.QUIET_BYTES - 1));

        assertThat(takes).as("so little may mean that it has gone quiet").hasValue(3);
        assertThat(path.closed).isEqualTo(1);
        assertThat(sink.written()).hasSize(MANY + 2 * Pump.QUIET_BYTES - 1);
    }

    private record CountedLane(BulkLane its, AtomicInteger takes) implements BulkLane {
        @Override
        public int take(int atMost) {
            takes.incrementAndGet();
            return its.take(atMost);
        }

        @Override
        public int give() {
            return its.give();
        }

        @Override
        public int held() {
            return its.held();
        }

        @Override
        public void close() {
            its.close();
        }
    }

    @Test
    void laneThatDoesNotWorkLosesNothing() {
        path.unsupported = true;
        conductor.begin();

        source.peerSends(noise(MANY));
        source.peerEnds();

        assertThat(sink.written()).isEqualTo(noise(MANY));
        assertThat(path.opened).isPositive().isEqualTo(path.closed);
        assertThat(conductor.ends).containsExactly(Pump.Step.DONE);
    }

    @Test
    void withoutALaneItCopiesAndAsksAgainLater() {
        path.exhausted = true;
        conductor.begin();
        source.peerSends(noise(MANY));
        assertThat(sink.written()).isEqualTo(noise(MANY));

        path.exhausted = false;
        source.peerSends(noise(MANY));

        assertThat(path.opened).isEqualTo(1);
    }

    @Test
    void oneEventMovesFourMebibytesAndThenOthersHaveTheirTurn() {
        conductor.begin();
        source.peerSends(noise(MANY));
        source.interest(false, false);
        source.peerSends(noise(2 * Pump.MAX_BULK));
        long before = conductor.moved;

        assertThat(pump.readable()).isEqualTo(Pump.Step.WAIT);

        assertThat(conductor.moved - before).isEqualTo(Pump.MAX_BULK);
        assertThat(pump.readInterest()).isTrue();
    }

    @Test
    void streamsOfADirectionAreGivenInTheirOrder() {
        Stream[] asked = new Stream[2];
        pump = new Pump(source, sink, new Pump.Supplies(buffers, (from, to) -> {
            asked[0] = from;
            asked[1] = to;
            return path.open(from, to);
        }), () -> Budget.UNLIMITED, conductor);
        conductor.begin();

        source.peerSends(noise(MANY));

        assertThat(asked).containsExactly(source, sink);
    }
}
