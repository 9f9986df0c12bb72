// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.memory.MemoryPath;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import io.portunus.model.ForwardingTable;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.TargetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole flows that turn out to be bulk. However they end, their lanes are given back. */
class BulkFlowTest {
    private static final int MANY = PumpContract.MANY;

    private final MemoryLoop loop = new MemoryLoop();
    private final MemoryStream client = new MemoryStream(loop);
    private final MemoryStream target = new MemoryStream(loop);
    private final MemoryFlow flow = new MemoryFlow(client, target);
    private final MemoryPath path = new MemoryPath();

    private void start(BulkPath bulk) {
        Rule rule = Rule.of(1, "bulk", List.of(PortRange.of(443)), Match.ANY, TargetAddress.parse("192.0.2.1:9"));
        TcpHandler handler = new TcpHandler(loop::nanos);
        handler.bindBulk(bulk);
        handler.accepted(client, ForwardingTable.compile(new RuleSet("1", List.of(rule))).listeners().iterator().next(), flow);
    }

    @AfterEach
    void lanesAreGivenBack() {
        assertThat(path.opened).isPositive().isEqualTo(path.closed);
    }

    @Test
    void bothDirectionsGoByLaneAndAreCounted() {
        start(path);

        client.peerSends(PumpContract.noise(MANY));
        target.peerSends(PumpContract.noise(2 * MANY));
        assertThat(path.opened).isEqualTo(2);
        assertThat(path.closed).isZero();
        client.peerEnds();
        target.peerEnds();

        assertThat(target.written()).isEqualTo(PumpContract.noise(MANY));
        assertThat(client.written()).isEqualTo(PumpContract.noise(2 * MANY));
        assertThat(flow.in).isEqualTo(MANY);
        assertThat(flow.out).isEqualTo(2 * MANY);
        assertThat(flow.closed).containsExactly(CloseReason.COMPLETED);
    }

    @Test
    void endOfOneDirectionLeavesTheOtherOnItsLane() {
        start(path);
        client.peerSends(PumpContract.noise(MANY));
        target.peerSends(PumpContract.noise(MANY));

        client.peerEnds();

        assertThat(target.outputEnded()).isTrue();
        assertThat(path.closed).isEqualTo(1);
        long byLane = path.moved;
        target.peerSends(PumpContract.noise(MANY));
        assertThat(path.moved).isEqualTo(byLane + MANY);
        target.peerEnds();
        assertThat(flow.closed).containsExactly(CloseReason.COMPLETED);
    }

    @Test
    void operatorEndsAFlowWhoseLaneHoldsBytes() {
        start(path);
        client.peerSends(PumpContract.noise(MANY));
        target.window(10);
        client.peerSends(PumpContract.noise(MANY));
        assertThat(client.unread()).isPositive();

        flow.end(CloseReason.KILLED);

        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(flow.closed).containsExactly(CloseReason.KILLED);
    }

    @Test
    void resetThatIsNoticedByGivingStillDeliversTheLastWords() {
        start(path);
        client.peerSends(PumpContract.noise(MANY));
        target.peerResets(new byte[] {7, 8});

        client.peerSends(new byte[] {1});

        assertThat(client.written()).containsExactly(7, 8);
        assertThat(flow.closed).containsExactly(CloseReason.UPSTREAM_RESET);
    }

    /** A path whose lanes have a defect. */
    private record Broken(BulkPath path) implements BulkPath {
        @Override
        public String name() {
            return path.name();
        }

        @Override
        public Optional<Problem> unavailable() {
            return path.unavailable();
        }

        @Override
        public Optional<BulkLane> open(Stream source, Stream sink) {
            return path.open(source, sink).map(BrokenLane::new);
        }
    }

    /** Throws when it should give. */
    private record BrokenLane(BulkLane lane) implements BulkLane {
        @Override
        public int take(int atMost) {
            return lane.take(atMost);
        }

        @Override
        public int give() {
            throw new IllegalStateException("a defect");
        }

        @Override
        public int held() {
            return lane.held();
        }

        @Override
        public void close() {
            lane.close();
        }
    }

    @Test
    void defectOfALaneLeavesNoneOpen() {
        start(new Broken(path));

        assertThatThrownBy(() -> client.peerSends(PumpContract.noise(MANY))).isInstanceOf(IllegalStateException.class);
        // As the engine does, which watches over events.
        flow.end(CloseReason.INTERNAL_ERROR);
    }
}
