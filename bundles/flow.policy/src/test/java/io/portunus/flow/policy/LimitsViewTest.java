// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.LimitRow;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Lease;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.model.Protocol;
import io.portunus.model.RateLimit;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much of its limits a rule uses, by a clock of its own. */
class LimitsViewTest {
    private static final Rule RULE = LimitsPolicyTest.rule(Map.of(RateLimit.BANDWIDTH_IN_BPS, 1000L, RateLimit.BANDWIDTH_IN_BURST, 500L,
        RateLimit.NEW_CONNECTIONS_PER_SEC, 10L, RateLimit.CONCURRENT_CONNECTIONS, 3L));
    private final MemoryLoop loop = new MemoryLoop();
    private final OwnCells cells = new OwnCells();
    private final LimitsPolicy policy = new LimitsPolicy(loop::nanos);

    private Lease lease() {
        return ((Admission.Granted) policy.admit(new AdmissionRequest(1, RULE, Protocol.TCP, InetAddress.ofLiteral("192.0.2.7"), false, loop,
            cells, reason -> { }))).lease();
    }

    private Map<String, Long> use() {
        List<LimitRow> rows = new LimitsPolicy(loop::nanos).limits(new LimitsRequest(List.of(RULE), cells));
        assertThat(rows).hasSize(1).first().satisfies(row -> assertThat(row.scope() + " " + row.name()).isEqualTo("rule limited"));
        return rows.getFirst().use();
    }

    @Test
    void ruleThatNobodyHasUsedHasAllOfItLeft() {
        assertThat(use()).isEqualTo(Map.of(LimitRow.OPEN, 0L, LimitsView.IN_LEFT, 500L, LimitsView.OPENED_LEFT, 10L));
    }

    @Test
    void whatFlowsTakeIsGoneAndComesBackByTheRate() {
        Lease one = lease();
        lease();
        one.in().grant(400, () -> { });
        assertThat(use()).isEqualTo(Map.of(LimitRow.OPEN, 2L, LimitsView.IN_LEFT, 100L, LimitsView.OPENED_LEFT, 8L));

        one.release();
        loop.pass(Duration.ofMillis(100));
        assertThat(use()).isEqualTo(Map.of(LimitRow.OPEN, 1L, LimitsView.IN_LEFT, 200L, LimitsView.OPENED_LEFT, 9L));
    }

    @Test
    void whatFlowsHaveBookedIsBelowNothing() {
        Lease one = lease();
        one.in().grant(500, () -> { });
        one.in().grant(500, () -> { });

        assertThat(use()).containsEntry(LimitsView.IN_LEFT, -10L);
    }

    @Test
    void lookingChangesNothing() {
        Map<String, Long> first = use();
        Lease one = lease();
        one.in().grant(500, () -> { });
        use();
        assertThat(use()).isEqualTo(use());
        one.release();
        loop.pass(Duration.ofSeconds(1));

        assertThat(use()).isEqualTo(first);
    }

    @Test
    void ruleWithoutLimitsHasNoRow() {
        assertThat(policy.limits(new LimitsRequest(List.of(LimitsPolicyTest.rule(Map.of())), cells))).isEmpty();
    }
}
