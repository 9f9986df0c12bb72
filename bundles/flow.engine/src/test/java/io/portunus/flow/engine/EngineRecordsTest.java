// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What leaves the engine of a flow that ended. */
class EngineRecordsTest extends EngineSetup {
    /** Drops everything. */
    private static final class Full implements FlowRecordSink {
        long dropped;

        @Override
        public void take(FlowRecord flow) {
            dropped++;
        }

        @Override
        public long dropped() {
            return dropped;
        }
    }

    private void flowThatEnds() {
        transport.connectTo(1);
        handler.flows.getLast().closed(CloseReason.COMPLETED);
    }

    @Test
    void recordThatASinkDropsIsCountedOnceAndStaysCountedWhenTheSinkGoes() {
        run(handler, "1.2.3");
        Full full = new Full();
        sink(full);
        sink(new Records(records));
        apply(rule("a", 1, ""));

        flowThatEnds();

        assertThat(engine.counts().recordsDropped()).isEqualTo(1);
        // A sink may lose later what it had room for.
        full.dropped += 6;
        assertThat(engine.counts().recordsDropped()).isEqualTo(7);
        engine.sinkGone(full);
        flowThatEnds();
        assertThat(engine.counts().recordsDropped()).isEqualTo(7);
        assertThat(records).hasSize(2);
    }

    @Test
    void sinkThatThrowsEndsNoFlowTwice() {
        run(handler, "1.2.3");
        sink(new FlowRecordSink() {
            @Override
            public void take(FlowRecord flow) {
                throw new IllegalStateException("broken on purpose by the test");
            }

            @Override
            public long dropped() {
                return 0;
            }
        });
        sink(new Records(records));
        apply(rule("a", 1, ""));

        flowThatEnds();

        assertThat(records).hasSize(1);
        assertThat(engine.counts().active()).isZero();
    }

    @Test
    void namesTheTargetThatTookTheConnection() {
        run(handler, "1.2.3");
        sink(new Records(records));
        apply(rule("a", 1, ""));
        transport.connectTo(1);
        StreamFlow flow = handler.flows.getLast();
        Target taken = Target.of(TargetAddress.parse("b.test:2"));

        flow.connected(taken, new InetSocketAddress("192.0.2.1", 2));
        flow.closed(CloseReason.COMPLETED);
        flowThatEnds();

        assertThat(records.getFirst().targets()).containsExactly(taken);
        assertThat(records.getFirst().endpoint()).isPresent();
        assertThat(records.getFirst().connectNanos()).isNotNegative();
        assertThat(records.getFirst().firstByteNanos()).isEqualTo(FlowRecord.NOT_REACHED);
        assertThat(records.getLast().targets()).extracting(Target::toString).containsExactly("t.test:1");
        assertThat(records.getLast().endpoint()).isEmpty();
    }

    @Test
    void namesTheBundlesOfEachFlow() {
        run(handler, "1.2.3");
        sink(new Records(records));
        apply(rule("a", 1, ""));

        flowThatEnds();
        List<FlowRecord.Carrier> first = records.getLast().handlers();
        flowThatEnds();
        List<FlowRecord.Carrier> second = records.getLast().handlers();
        run(new Holding(), "1.2.4");
        engine.prefer("x.tcp", "1.2.4");
        transport.connectTo(1);
        engine.end("x.tcp", "1.2.4", CloseReason.KILLED);

        assertThat(first).containsExactly(new FlowRecord.Carrier("x.tcp", "1.2.3"), new FlowRecord.Carrier("x.transport", "1.0.0"));
        assertThat(second).isEqualTo(first);
        assertThat(records.getLast().handlers()).containsExactly(new FlowRecord.Carrier("x.tcp", "1.2.4"),
            new FlowRecord.Carrier("x.transport", "1.0.0"));
    }

    /** B20: the half of the path that is the engine's; {@code RecordFormTest} has the other, and both together make less than 200 bytes. */
    @Test
    void handingOutARecordMakesNextToNothing() {
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
        transport.connectTo(1);
        Flow flow = (Flow) handler.flows.getLast();
        flow.connected(Target.of(TargetAddress.parse("b.test:2")), new InetSocketAddress("192.0.2.1", 2));
        Reading reading = new Reading();
        RecordSinks sinks = new RecordSinks();
        sinks.direct(reading, guard.account(SINK));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int count = 20_000;

        handOut(sinks, flow, 2000);
        long before = threads.getCurrentThreadAllocatedBytes();
        handOut(sinks, flow, count);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / count;

        assertThat(each).isLessThanOrEqualTo(120);
        assertThat(reading.seen).isPositive();
    }

    private static void handOut(RecordSinks sinks, Flow flow, int times) {
        for (int i = 0; i < times; i++) {
            EndedFlow ended = flow.record(CloseReason.COMPLETED);
            FlowEvents.ended(ended);
            sinks.take(ended);
        }
    }

    /** Reads everything and keeps nothing. */
    private static final class Reading implements FlowRecordSink {
        long seen;

        @Override
        public void take(FlowRecord flow) {
            seen += flow.id() + flow.handlers().size() + flow.listener().length() + flow.peer().getPort() + (flow.via().isPresent() ? 1 : 0)
                + flow.rule().length() + flow.ruleId() + flow.prelude().kind().length() + flow.targets().size()
                + (flow.endpoint().isPresent() ? 1 : 0) + flow.openedAt().getEpochSecond() + flow.bytesIn() + flow.bytesOut() + flow.peekNanos()
                + flow.connectNanos() + flow.firstByteNanos() + flow.totalNanos() + flow.reason().code().length();
            seen &= Long.MAX_VALUE;
        }

        @Override
        public long dropped() {
            return 0;
        }
    }
}
