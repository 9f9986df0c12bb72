// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryLoop;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Lease;
import io.portunus.model.Protocol;
import io.portunus.model.RateLimit;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleLeaseTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");
    private final MemoryLoop loop = new MemoryLoop();
    private final OwnCells cells = new OwnCells();
    private final LimitsPolicy policy = new LimitsPolicy(loop::nanos);

    /** Reads as much as it may, whenever it may. */
    private static final class Reader implements Runnable {
        private final Budget budget;
        private final int read;
        private long moved;
        private int turns;

        Reader(Budget budget, int read) {
            this.budget = budget;
            this.read = read;
        }

        @Override
        public void run() {
            for (int granted = budget.grant(read, this); granted > 0 && moved < 1L << 34; granted = budget.grant(read, this)) {
                moved += granted;
                turns++;
            }
        }
    }

    private Admission ask(Rule rule, boolean open) {
        return policy.admit(new AdmissionRequest(1, rule, rule.protocols().each().getFirst(), CLIENT, open, loop, cells, reason -> { }));
    }

    private Lease lease(Rule rule) {
        return ((Admission.Granted) ask(rule, false)).lease();
    }

    private static CloseReason reason(Admission admission) {
        return ((Admission.Refused) admission).reason();
    }

    private static Rule bandwidth(long rate, long burst) {
        return LimitsPolicyTest.rule(Map.of(RateLimit.BANDWIDTH_IN_BPS, rate, RateLimit.BANDWIDTH_IN_BURST, burst));
    }

    private Reader reader(Rule rule) {
        Reader reader = new Reader(lease(rule).in(), 64 * 1024);
        reader.run();
        return reader;
    }

    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left--) {
            loop.pass(Duration.ofMillis(1));
        }
    }

    @Test
    void oneFlowGetsTheRateHoweverSmallTheBurst() {
        Reader reader = reader(bandwidth(8192, 81));
        long first = reader.moved;

        pass(Duration.ofMillis(100));
        assertThat(reader.moved).as("in the first 100 ms").isLessThanOrEqualTo(81 + 820);
        pass(Duration.ofMillis(9900));

        assertThat(first).isEqualTo(81);
        assertThat(reader.moved / 81920.0).isCloseTo(1, within(0.02));
    }

    @Test
    void fiftyFlowsShareTheRateAndAllHaveTheirTurn() {
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(reader(bandwidth(1_000_000, 10_000)));
        }
        pass(Duration.ofSeconds(10));

        assertThat(readers.stream().mapToLong(its -> its.moved).sum() / 10_010_000.0).isCloseTo(1, within(0.02));
        assertThat(readers).allSatisfy(its -> assertThat(its.moved / 200_000.0).isCloseTo(1, within(0.2)));
    }

    @Test
    void bulkIsMovedInTurnsOfTenMilliseconds() {
        Reader reader = new Reader(lease(bandwidth(10_000_000, 100_000)).in(), 1024 * 1024);
        reader.run();
        pass(Duration.ofSeconds(1));

        assertThat(reader.turns).isLessThan(250);
    }

    @Test
    void timersThatAreLateLoseNothing() {
        Reader reader = reader(bandwidth(100_000, 1_000));
        for (int i = 0; i < 1000; i++) {
            loop.pass(Duration.ofMillis(10));
        }
        assertThat(reader.moved / 1_000_000.0).isCloseTo(1, within(0.02));
    }

    @Test
    void limitThatIsRemovedFreesWhoWaitsWithinALook() {
        Rule slow = bandwidth(10, 10);
        Lease lease = lease(slow);
        Reader reader = new Reader(lease.in(), 64 * 1024);
        reader.run();
        Reader other = reader(slow);

        lease.amended(LimitsPolicyTest.rule(Map.of()));
        pass(PacedBytes.LOOK);

        assertThat(reader.moved).isGreaterThan(1_000_000);
        assertThat(other.moved).isGreaterThan(1_000_000);
    }

    @Test
    void limitThatIsLoweredHoldsForAllFlowsAtOnce() {
        Lease lease = lease(bandwidth(1_000_000, 1_000_000));
        Reader reader = reader(bandwidth(1_000_000, 1_000_000));
        pass(Duration.ofSeconds(1));
        lease.amended(bandwidth(1000, 1000));
        pass(Duration.ofMillis(200));
        long before = reader.moved;

        pass(Duration.ofSeconds(10));
        assertThat((reader.moved - before) / 10_000.0).isCloseTo(1, within(0.1));
    }

    @Test
    void whatAFlowHasBookedIsForOthersWhenItEnds() {
        Rule rule = bandwidth(1000, 10);
        reader(rule);
        Lease gone = lease(rule);
        new Reader(gone.in(), 64 * 1024).run();
        gone.release();

        Reader last = reader(rule);
        assertThat(last.moved).isZero();
        pass(Duration.ofMillis(21));
        assertThat(last.moved).isPositive();
    }

    @Test
    void connectionsBeyondTheLimitsAreRefusedForReasonsOfTheirOwn() {
        Rule rule = LimitsPolicyTest.rule(Map.of(RateLimit.CONCURRENT_CONNECTIONS, 3L, RateLimit.NEW_CONNECTIONS_PER_SEC, 2L));
        Lease first = lease(rule);
        lease(rule);

        assertThat(reason(ask(rule, false))).isEqualTo(LimitsPolicy.RATE);
        assertThat(reason(ask(rule.withProtocol(Protocol.UDP), false))).isEqualTo(LimitsPolicy.UDP_RATE);
        loop.pass(Duration.ofSeconds(1));
        lease(rule);
        assertThat(reason(ask(rule, false))).isEqualTo(LimitsPolicy.CONCURRENT);
        first.release();
        lease(rule);
    }

    @Test
    void refusalOfAnotherPolicyGivesPlaceAndTokenBack() {
        Rule rule = LimitsPolicyTest.rule(Map.of(RateLimit.CONCURRENT_CONNECTIONS, 1L, RateLimit.NEW_CONNECTIONS_PER_SEC, 1L));
        for (int i = 0; i < 100; i++) {
            lease(rule).refused();
        }
        lease(rule);
    }

    @Test
    void flowsThatAreOpenAreCountedAndNeverRefused() {
        Rule rule = LimitsPolicyTest.rule(Map.of(RateLimit.CONCURRENT_CONNECTIONS, 1L, RateLimit.NEW_CONNECTIONS_PER_SEC, 1L));
        assertThat(ask(rule, true)).isInstanceOf(Admission.Granted.class);
        assertThat(ask(rule, true)).isInstanceOf(Admission.Granted.class);

        assertThat(reason(ask(rule, false))).isEqualTo(LimitsPolicy.CONCURRENT);
    }

    @Test
    void ruleWithoutLimitsCostsNothing() {
        assertThat(ask(LimitsPolicyTest.rule(Map.of()), false)).isSameAs(Admission.UNLIMITED);
    }

    @Test
    void newerVersionGoesOnWhereTheOlderIs() {
        Rule rule = bandwidth(1000, 1000);
        Reader older = reader(rule);
        LimitsPolicy newer = new LimitsPolicy(loop::nanos);
        Lease its = ((Admission.Granted) newer.admit(new AdmissionRequest(2, rule, Protocol.TCP, CLIENT, false, loop, cells, reason -> { }))).lease();
        Reader reader = new Reader(its.in(), 64 * 1024);
        reader.run();
        pass(Duration.ofSeconds(10));

        assertThat((older.moved + reader.moved) / 11_000.0).isCloseTo(1, within(0.02));
    }

    @Test
    void datagramsAreGrantedWhatIsThereAndNothingIsBooked() {
        Rule rule = bandwidth(1000, 1000).withProtocol(Protocol.UDP);
        for (int i = 0; i < 100; i++) {
            lease(rule).in().grant(1400, () -> { });
        }
        loop.pass(Duration.ofSeconds(2));

        assertThat(lease(rule).in().grant(1000, () -> { })).isEqualTo(1000);
    }
}
