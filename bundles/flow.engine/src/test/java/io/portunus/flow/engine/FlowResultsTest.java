// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowResults;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.StreamFlow;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the flows of a part come to: counted once each, and not at all where it proves nothing. */
class FlowResultsTest extends EngineSetup {
    @BeforeEach
    void serve() {
        engine.ceilings(ceilings(100, 10, 1 << 20));
        run(handler, "1.2.3");
        apply(rule("a", 1, ""));
    }

    private FlowResults of(String bundle) {
        return engine.providers().stream().filter(its -> its.bundle().equals(bundle)).findFirst().orElseThrow().results();
    }

    private StreamFlow flow() {
        transport.connectTo(1);
        return handler.flows.getLast();
    }

    private static long firstBytes(FlowResults results) {
        return results.firstByte().counts().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void flowHasDeliveredOnceBytesHaveGoneBothWaysWhicheverComesFirst() {
        StreamFlow asks = flow();
        asks.movedIn(1);
        assertThat(of("x.tcp").delivered()).isZero();
        asks.movedOut(1);
        asks.movedOut(1);
        StreamFlow greets = flow();
        greets.movedOut(1);
        greets.movedIn(1);
        greets.movedIn(1);

        for (String bundle : new String[] {"x.tcp", "x.transport"}) {
            assertThat(of(bundle).delivered()).isEqualTo(2);
            assertThat(firstBytes(of(bundle))).isEqualTo(2);
        }
        asks.closed(CloseReason.UPSTREAM_RESET);
        greets.closed(CloseReason.COMPLETED);
        assertThat(of("x.tcp").oneWay() + of("x.tcp").nothing() + of("x.tcp").excused()).isZero();
    }

    @Test
    void flowThatEndsWithoutCountsWhateverItsHandlerCallsTheReason() {
        flow().closed(CloseReason.DOWNSTREAM_RESET);
        StreamFlow oneWay = flow();
        oneWay.movedIn(3);
        oneWay.closed(CloseReason.COMPLETED);

        assertThat(of("x.tcp").nothing()).isEqualTo(1);
        assertThat(of("x.tcp").oneWay()).isEqualTo(1);
        assertThat(of("x.tcp").delivered()).isZero();
    }

    @Test
    void clientThatLeavesBeforeItHasSentAnythingProvesNothing() {
        MemoryStream silent = transport.connectTo(1);
        silent.peerEnds();
        handler.downstreams.getLast().read(ByteBuffer.allocate(8));
        handler.flows.getLast().closed(CloseReason.COMPLETED);
        MemoryStream speaks = transport.connectTo(1);
        speaks.peerSends(new byte[] {1});
        handler.downstreams.getLast().read(ByteBuffer.allocate(8));
        handler.flows.getLast().closed(CloseReason.COMPLETED);

        assertThat(of("x.tcp").excused()).isEqualTo(1);
        assertThat(of("x.tcp").nothing()).isEqualTo(1);
    }

    @Test
    void whatTheEngineEndsProvesNothing() {
        engine.kill(flow().id());

        assertThat(of("x.tcp").excused()).isEqualTo(1);
        assertThat(of("x.tcp").nothing()).isZero();
    }

    @Test
    void defectCountsAlthoughTheEngineEndsTheFlow() {
        flow().run(() -> {
            throw new IllegalStateException("as the test wants");
        });

        assertThat(of("x.tcp").nothing()).isEqualTo(1);
    }

    @Test
    void refusalIsThePolicysAndExcusesTheOthers() {
        FakePolicy policy = new FakePolicy("few", its -> new Admission.Refused(CloseReason.MAX_CONNECTIONS));
        comes(policy, Post.policy("few"), "x.few", "1.0.0");

        StreamFlow flow = flow();
        flow.admit().ifPresent(flow::closed);

        assertThat(of("x.few").refused()).isEqualTo(1);
        assertThat(of("x.tcp").excused()).isEqualTo(1);
        assertThat(of("x.tcp").nothing()).isZero();
    }
}
