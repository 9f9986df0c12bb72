// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gives way when places, bytes or entries run out. */
class EnginePendingTest extends EngineSetup {
    private static final int KIB = 1024;
    private static final int BUDGET = 64 * KIB;

    private final List<MemoryStream> streams = new ArrayList<>();

    @BeforeEach
    void listen() {
        run(handler, "1.2.3");
        engine.ceilings(ceilings(1000, 4, BUDGET));
        apply(rule("a", 1, ""), rule("b", 2, ""), rule("c", 3, ""));
    }

    private StreamFlow flow(int port, String from) {
        streams.add(transport.connectTo(port, from));
        return handler.flows.getLast();
    }

    private List<Integer> ended() {
        List<Integer> ended = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).wasReset()) {
                ended.add(i);
            }
        }
        return ended;
    }

    private EngineCounts.Capacity capacity() {
        return engine.counts().capacity();
    }

    /** B10. */
    @Test
    void newcomerGetsThePlaceOfWhoHasWaitedLongest() {
        for (int i = 0; i < 5; i++) {
            assertThat(flow(1, "192.0.2.1").beginPeek()).isTrue();
        }

        assertThat(ended()).containsExactly(0);
        assertThat(engine.counts().closed()).containsEntry(CloseReason.PEEK_CAPACITY, 1L);
    }

    /** B10. */
    @Test
    void sourceThatHasMostPlacesGivesWayAndNotWhoCameFirst() {
        assertThat(flow(1, "198.51.100.7").beginPeek()).isTrue();
        for (int i = 0; i < 50; i++) {
            assertThat(flow(1, "192.0.2.1").beginPeek()).isTrue();
        }

        assertThat(streams.getFirst().wasReset()).isFalse();
        assertThat(ended()).hasSize(47).doesNotContain(0, 48, 49, 50);
    }

    /** B10: a host of IPv6 has a /64 to itself, and all its addresses are one source. */
    @Test
    void addressesOfOnePrefixAreOneSource() {
        assertThat(flow(1, "2001:db8:0:2::1").beginPeek()).isTrue();
        for (int i = 1; i < 20; i++) {
            assertThat(flow(1, "2001:db8:0:1::" + i).beginPeek()).isTrue();
        }

        assertThat(streams.getFirst().wasReset()).isFalse();
    }

    /** B10. */
    @Test
    void whoMadeProgressIsNotTheOneThatHasWaitedLongest() {
        for (int i = 0; i < 4; i++) {
            assertThat(flow(1, "192.0.2.1").beginPeek()).isTrue();
        }
        handler.flows.getFirst().keep(100);

        flow(1, "192.0.2.1").beginPeek();

        assertThat(ended()).containsExactly(1);
    }

    @Test
    void placesOfOtherListenersAreTheirOwnAndComeBack() {
        for (int i = 0; i < 4; i++) {
            flow(1, "192.0.2.1").beginPeek();
        }
        flow(2, "192.0.2.1").beginPeek();
        handler.flows.get(1).endPeek();
        flow(1, "192.0.2.1").beginPeek();

        assertThat(ended()).isEmpty();
    }

    /** Behind a balancer every connection comes from it, until its header has declared whose it is. */
    @Test
    void sourceIsTheDeclaredOne() {
        flow(1, "10.0.0.1").beginPeek();
        handler.flows.getFirst().declared(new DeclaredOrigin(Optional.of(new io.portunus.flow.spi.Addresses(
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 1), new InetSocketAddress(InetAddress.ofLiteral("198.51.100.8"), 1))),
            List.of()));
        for (int i = 0; i < 10; i++) {
            flow(1, "10.0.0.1").beginPeek();
        }

        assertThat(streams.getFirst().wasReset()).isFalse();
    }

    /** A1. */
    @Test
    void bytesOfAllListenersShareOneBudgetAndItIsNeverExceeded() {
        for (int i = 0; i < 40; i++) {
            assertThat(flow(1 + i % 3, "192.0.2." + i).keep(8 * KIB)).isTrue();
            assertThat(capacity().bufferedBytes()).isLessThanOrEqualTo(BUDGET);
        }

        assertThat(capacity().bufferedBytes()).isEqualTo(BUDGET);
        assertThat(engine.counts().closed()).containsEntry(CloseReason.BUFFERS_FULL, 32L);
    }

    /** A1. */
    @Test
    void noListenerTakesAllAndTheOneThatHasMostGivesWay() {
        assertThat(flow(2, "192.0.2.99").keep(KIB)).isTrue();
        for (int i = 0; i < 40; i++) {
            assertThat(flow(1, "192.0.2." + i).keep(8 * KIB)).isTrue();
        }

        assertThat(capacity().bufferedBytes()).isLessThanOrEqualTo(BUDGET / 4 * 3 + KIB);
        assertThat(streams.getFirst().wasReset()).isFalse();
    }

    /** A1. */
    @Test
    void noSourceTakesMoreThanHalf() {
        for (int i = 0; i < 40; i++) {
            assertThat(flow(1 + i % 3, "192.0.2.1").keep(4 * KIB)).isTrue();
        }

        // One flow a listener may come on top: it has none before it to give way.
        assertThat(capacity().bufferedBytes()).isLessThanOrEqualTo(BUDGET / 2 + 8 * KIB);
    }

    @Test
    void whatAFlowHoldsIsGivenBackWithIt() {
        StreamFlow flow = flow(1, "192.0.2.1");
        flow.beginPeek();
        flow.keep(8 * KIB);
        flow.spilled(4 * KIB);
        assertThat(capacity().bufferedBytes()).isEqualTo(12 * KIB);

        flow.closed(CloseReason.COMPLETED);

        assertThat(capacity().bufferedBytes()).isZero();
    }

    /** A1: those that wait for a target that does not answer are shed like those that wait for a prelude. */
    @Test
    void bytesThatAPumpCannotDeliverAreOfTheSameBudgetAndHaveHalfOfIt() {
        StreamFlow pumping = flow(3, "192.0.2.1");
        for (int i = 0; i < 8; i++) {
            flow(1 + i % 2, "192.0.2." + i).keep(8 * KIB);
        }
        assertThat(pumping.maySpill()).isTrue();

        pumping.spilled(BUDGET / 2);

        assertThat(pumping.maySpill()).isFalse();
        assertThat(streams.getFirst().wasReset()).isFalse();
        assertThat(capacity().bufferedBytes()).isLessThanOrEqualTo(BUDGET);
        pumping.spilled(-BUDGET / 2);
        assertThat(pumping.maySpill()).isTrue();
    }

    /** B11. */
    @Test
    void noRuleTakesTheLastTenthAndItIsReportedForAsLongAsItIsTrue() {
        engine.ceilings(ceilings(20, 4, BUDGET));
        for (int i = 0; i < 18; i++) {
            flow(1, "192.0.2.1");
            assertThat(handler.flows.getLast().admit()).isEmpty();
        }
        assertThat(engine.crowded()).isEmpty();

        flow(1, "192.0.2.1");
        assertThat(handler.flows.getLast().admit()).contains(CloseReason.MAX_CONNECTIONS);
        handler.flows.getLast().closed(CloseReason.MAX_CONNECTIONS);
        flow(2, "192.0.2.1");

        assertThat(handler.flows.getLast().admit()).isEmpty();
        assertThat(engine.crowded()).singleElement().extracting(Problem::path).isEqualTo("rule a");
        for (int i = 0; i < 4; i++) {
            handler.flows.get(i).closed(CloseReason.COMPLETED);
        }
        assertThat(engine.crowded()).isEmpty();
    }

    /** B11. */
    @Test
    void ruleWithoutOthersMayHaveAll() {
        Rule only = rule("a", 1, "");
        apply(only);
        engine.ceilings(ceilings(20, 4, BUDGET));

        for (int i = 0; i < 20; i++) {
            flow(1, "192.0.2.1");
            assertThat(handler.flows.getLast().admit()).isEmpty();
        }

        assertThat(engine.crowded()).isEmpty();
        assertThat(transport.connectTo(1).wasReset()).isTrue();
        assertThat(engine.crowded()).singleElement().extracting(Problem::path).isEqualTo("limits.max_connections");
    }

    /** B11. */
    @Test
    void fullNodeTakesTheEntryOfOneThatHasNoTarget() {
        engine.ceilings(ceilings(4, 4, BUDGET));
        for (int i = 0; i < 4; i++) {
            flow(1, "192.0.2.1").beginPeek();
        }

        flow(2, "192.0.2.1");

        assertThat(ended()).containsExactly(0);
        assertThat(engine.counts().active()).isEqualTo(4);
    }

    /** C10, C4: no more than there are descriptors and heap for. */
    @Test
    void ceilingFollowsWhatTheProcessHas() {
        Means means = new Means(20_000, 100, 256L << 20, 2);
        long byDescriptors = (20_000 - 100 - 64 - 256) / 2;
        assertThat(connections(0, means)).isEqualTo(byDescriptors);
        assertThat(connections(100, means)).isEqualTo(100);
        assertThat(connections(500_000, means)).isEqualTo(byDescriptors);
        assertThat(new Ceilings(0, 4, 0, means).beside(1000).maxConnections()).isEqualTo(byDescriptors - 500);
        assertThat(connections(0, new Means(20_000, 100, 64L << 20, 2))).isBetween(4_000L, 6_000L);
        assertThat(connections(0, new Means(300, 110, 256L << 20, 2))).isBetween(40L, 63L);
        assertThat(connections(0, new Means(128, 100, 256L << 20, 2))).isBetween(2L, 6L);
        assertThat(connections(0, new Means(100, 110, 256L << 20, 2))).isEqualTo(1);
        assertThat(new Ceilings(0, 4, 0, means).beside(0).bufferBytes()).isEqualTo(32L << 20);
        assertThat(new Ceilings(0, 4, 1L << 30, means).beside(0).bufferBytes()).isEqualTo(128L << 20);
    }

    private static long connections(long wanted, Means means) {
        return new Ceilings(wanted, 4, 0, means).beside(0).maxConnections();
    }
}
