// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A bundle that makes a reason for each connection costs a counter, not the node. */
class ReasonCountersTest {
    private static CloseReason reason(int number) {
        return new CloseReason("acme.r" + number, CloseReason.Side.SELF, "One of many.");
    }

    @Test
    void countsWhatIsKnownFromTheStart() {
        ReasonCounters counters = new ReasonCounters(CloseReason.known());

        counters.count(CloseReason.KILLED);

        assertThat(counters.sums()).hasSameSizeAs(CloseReason.known()).containsEntry(CloseReason.KILLED, 1L)
            .containsEntry(CloseReason.NOT_TLS, 0L).containsEntry(CloseReason.OTHER, 0L);
    }

    @Test
    void countsReasonsWithOneCodeAsOne() {
        ReasonCounters counters = new ReasonCounters(List.of());

        counters.count(reason(1));
        counters.count(reason(1));

        assertThat(counters.sums()).containsEntry(reason(1), 2L);
    }

    @Test
    void hasRoomForSoManyAndCountsTheRestTogether() {
        ReasonCounters counters = new ReasonCounters(CloseReason.known());

        IntStream.range(0, 10_000).mapToObj(ReasonCountersTest::reason).forEach(counters::count);
        counters.count(CloseReason.KILLED);

        // Those known are there already, all but the one for the rest.
        int own = ReasonCounters.MOST - (CloseReason.known().size() - 1);
        assertThat(counters.sums()).hasSize(ReasonCounters.MOST + 1).containsEntry(CloseReason.OTHER, 10_000L - own)
            .containsEntry(reason(0), 1L).containsEntry(CloseReason.KILLED, 1L);
    }
}
