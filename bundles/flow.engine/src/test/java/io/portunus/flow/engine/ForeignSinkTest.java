// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sinks of other bundles: whatever they do, flows end, are counted, and give back their places. */
@Timeout(60)
class ForeignSinkTest extends EngineSetup {
    private static final BundlePart FOREIGN = new BundlePart("com.example.sink", "1.0.0", "record sink");
    private final CountDownLatch never = new CountDownLatch(1);

    @BeforeEach
    void runAHandler() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
    }

    /** What a sink does with a record. */
    private interface Deed extends FlowRecordSink {
        @Override
        default long dropped() {
            return 0;
        }
    }

    private void flowsThatEnd(int count) {
        for (int i = 0; i < count; i++) {
            transport.connectTo(1);
            handler.flows.getLast().closed(CloseReason.COMPLETED);
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private long faults() {
        return guard.standing("com.example.sink", "1.0.0").faults();
    }

    @Test
    void takesEveryRecordAsItWasWhenTheFlowEnded() throws Exception {
        List<FlowRecord> taken = new CopyOnWriteArrayList<>();
        Deed keeps = taken::add;
        engine.foreignSink(keeps, FOREIGN);

        flowsThatEnd(3);

        await(() -> taken.size() == 3);
        assertThat(taken).extracting(FlowRecord::rule).containsOnly("a");
        assertThat(taken).extracting(FlowRecord::reason).containsOnly(CloseReason.COMPLETED);
        assertThat(taken).extracting(FlowRecord::id).isSorted();
        engine.sinkGone(keeps);
        assertThat(engine.counts().recordsDropped()).isZero();
    }

    @Test
    void whileTwoVersionsAreThereEachRecordGoesToOneOfThem() throws Exception {
        List<Long> taken = new CopyOnWriteArrayList<>();
        List<Long> takenByNext = new CopyOnWriteArrayList<>();
        Deed older = flow -> taken.add(flow.id());
        Deed newer = flow -> takenByNext.add(flow.id());
        engine.sink(older, FOREIGN);
        engine.foreignSink(newer, new BundlePart(FOREIGN.bundle(), "1.1.0", FOREIGN.part()));

        flowsThatEnd(2);
        assertThat(taken).hasSize(2);
        engine.sinkGone(older);
        flowsThatEnd(3);
        await(() -> takenByNext.size() == 3);
        assertThat(taken).hasSize(2);

        engine.sink(older, FOREIGN);
        flowsThatEnd(1);
        await(() -> takenByNext.size() == 4);
        engine.sinkGone(newer);
        flowsThatEnd(1);
        assertThat(taken).hasSize(3);
        assertThat(engine.counts().recordsDropped()).isZero();
    }

    @Test
    void thatThrowsAnErrorIsCalledNoMoreAndCostsNoPlaceAlsoAfterItWent() throws Exception {
        Deed bad = flow -> {
            throw new StackOverflowError("as the test wants");
        };
        engine.foreignSink(bad, FOREIGN);

        flowsThatEnd(BundleGuard.MOST_FAULTS);
        await(() -> faults() == BundleGuard.MOST_FAULTS);
        flowsThatEnd(100);

        assertThat(engine.counts().active()).isZero();
        assertThat(guard.account(FOREIGN).quarantined()).isTrue();
        assertThat(faults()).isEqualTo(BundleGuard.MOST_FAULTS);
        await(() -> engine.counts().recordsDropped() == BundleGuard.MOST_FAULTS + 100);
        engine.sinkGone(bad);
        assertThat(engine.counts().recordsDropped()).isEqualTo(BundleGuard.MOST_FAULTS + 100);
        flowsThatEnd(10);
        assertThat(engine.counts().active()).isZero();
        assertThat(engine.counts().recordsDropped()).isEqualTo(BundleGuard.MOST_FAULTS + 100);
    }

    @Test
    void thatHangsLosesWhatIsBeyondItsRoomAndNobodyWaitsForIt() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        Deed hangs = flow -> {
            hung.countDown();
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
        };
        engine.foreignSink(hangs, FOREIGN);
        flowsThatEnd(1);
        assertThat(hung.await(30, TimeUnit.SECONDS)).isTrue();

        flowsThatEnd(QueuedSink.MOST + 500);

        assertThat(engine.counts().active()).isZero();
        assertThat(engine.counts().recordsDropped()).isEqualTo(500);
        loop.pass(BundleGuard.PATIENCE.plusSeconds(1));
        assertThat(guard.degraded()).extracting(problem -> problem.code()).containsExactly(BundleGuard.HANGS);
        engine.sinkGone(hangs);
        assertThat(engine.counts().recordsDropped()).isEqualTo(QueuedSink.MOST + 500L);
        never.countDown();
    }

    @Test
    void whoseCountFailsHidesNobodyElses() throws Exception {
        FlowRecordSink bad = new FlowRecordSink() {
            @Override
            public void take(FlowRecord flow) {
                // Takes everything.
            }

            @Override
            public long dropped() {
                throw new IllegalStateException("as the test wants");
            }
        };
        engine.foreignSink(bad, FOREIGN);
        sink(new FlowRecordSink() {
            @Override
            public void take(FlowRecord flow) {
                // Loses everything.
            }

            @Override
            public long dropped() {
                return 7;
            }
        });

        await(() -> faults() > 0);

        assertThat(engine.counts().recordsDropped()).isEqualTo(7);
        engine.sinkGone(bad);
        assertThat(engine.counts().recordsDropped()).isEqualTo(7);
    }
}
