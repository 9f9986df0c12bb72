// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.TargetView;
import io.portunus.model.HealthPolicy;
import io.portunus.model.Probe;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final HealthPolicy POLICY = HealthPolicy.DEFAULT;
    private static final Probe PROBE = Probe.tcp(Duration.ofSeconds(5));

    private Health health = Health.fresh(Instant.EPOCH);
    private long now = Long.MAX_VALUE - 5_000_000_000L;

    private Timestamp timestamp() {
        return new Timestamp(now, Instant.EPOCH.plusSeconds(1));
    }

    private void pass(Duration time) {
        // The clock runs over its end in these tests, as it may.
        now += time.toNanos();
    }

    private void failed(int times) {
        for (int i = 0; i < times; i++) {
            health = health.failed(POLICY, "refused", timestamp(), false);
        }
    }

    private void made() {
        health = health.made(POLICY, timestamp(), false);
    }

    private void probed(int times, ProbeResult result) {
        for (int i = 0; i < times; i++) {
            health = health.answered(PROBE, result, timestamp());
        }
    }

    @Test
    void failsAfterThreeFailuresWithinTheWindow() {
        failed(2);
        assertThat(health.failed()).isFalse();

        failed(1);

        assertThat(health.failed()).isTrue();
        assertThat(health.standing().reason()).isEqualTo("refused");
        assertThat(health.standing().history()).containsExactly(new TargetView.Change(Instant.EPOCH.plusSeconds(1), false, "refused"));
    }

    @Test
    void forgetsFailuresThatAreOlderThanTheWindow() {
        failed(2);
        pass(POLICY.window().plusNanos(1));

        failed(2);

        assertThat(health.failed()).isFalse();
        failed(1);
        assertThat(health.failed()).isTrue();
    }

    @Test
    void clearsTheCountWithEachSuccess() {
        failed(2);
        made();
        failed(2);

        assertThat(health.failed()).isFalse();
    }

    @Test
    void comesBackAfterTwoSuccessesInARow() {
        failed(3);
        made();
        failed(1);
        made();
        assertThat(health.failed()).isTrue();

        made();

        assertThat(health.failed()).isFalse();
        assertThat(health.standing().reason()).isEqualTo("connected");
    }

    @Test
    void offersOneTrialAtATimeAndWaitsTwiceAsLongAfterEachThatFails() {
        failed(3);
        assertThat(health.trialDue(now)).isFalse();

        for (int seconds : new int[] {10, 20, 40, 80, 160, 300, 300}) {
            pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(health.trialDue(now)).isFalse();
            pass(Duration.ofNanos(1));
            assertThat(health.trialDue(now)).isTrue();
            health = health.trialBegun();
            assertThat(health.trialDue(now)).isFalse();
            health = health.failed(POLICY, "refused", timestamp(), true);
        }
    }

    @Test
    void offersTheNextTrialAtOnceAfterOneThatWentWellOrWasLost() {
        failed(3);
        pass(POLICY.ejection());

        assertThat(health.trialBegun().trialLost(now).trialDue(now)).isTrue();
        assertThat(health.trialBegun().made(POLICY, timestamp(), true).trialDue(now)).isTrue();
    }

    @Test
    void beginsWithTheShortWaitWhenItFailsAnew() {
        failed(3);
        pass(POLICY.ejection());
        health = health.trialBegun().failed(POLICY, "refused", timestamp(), true);
        made();
        made();
        assertThat(health.failed()).isFalse();

        failed(3);
        pass(POLICY.ejection());

        assertThat(health.trialDue(now)).isTrue();
    }

    @Test
    void doesNotWaitLongerForFailuresOfFlowsThatTryItAsTheLastResort() {
        failed(3);
        failed(50);
        pass(POLICY.ejection());

        assertThat(health.trialDue(now)).isTrue();
    }

    /** H3. */
    @Test
    void countsProbesByRiseAndFallAndByThemselves() {
        failed(2);
        probed(2, ProbeResult.STATUS);
        assertThat(health.failed()).isFalse();

        probed(1, ProbeResult.STATUS);
        assertThat(health.failed()).isTrue();
        assertThat(health.standing().reason()).isEqualTo("probe_status");
        probed(1, ProbeResult.GOOD);
        probed(1, ProbeResult.STATUS);
        probed(1, ProbeResult.GOOD);
        assertThat(health.failed()).isTrue();
        probed(1, ProbeResult.GOOD);

        assertThat(health.failed()).isFalse();
        assertThat(health.standing().reason()).isEqualTo("probe_ok");
    }

    @Test
    void leavesTheWayBackToProbesOnceTheyFail() {
        probed(3, ProbeResult.TIMEOUT);
        failed(3);
        pass(POLICY.maxEjection());

        assertThat(health.trialDue(now)).isFalse();
        made();
        made();
        made();

        assertThat(health.failed()).isTrue();
        probed(2, ProbeResult.GOOD);
        assertThat(health.failed()).isFalse();
    }

    @Test
    void comesBackByProbesThoughFlowsFailedIt() {
        probed(100, ProbeResult.GOOD);
        failed(3);
        probed(1, ProbeResult.GOOD);
        assertThat(health.failed()).as("answers from before the failure do not count").isTrue();

        probed(1, ProbeResult.GOOD);

        assertThat(health.failed()).isFalse();
    }

    @Test
    void letsFlowsTryWhatOnlyProbesHadFailedWhenNobodyProbesAnyMore() {
        probed(3, ProbeResult.REFUSED);

        health = health.unprobed(POLICY, now);

        assertThat(health.failed()).isTrue();
        assertThat(health.trialDue(now)).isTrue();
    }

    @Test
    void remembersTheLastChangesOnly() {
        for (int i = 0; i < 20; i++) {
            failed(3);
            made();
            made();
        }

        assertThat(health.standing().history()).hasSize(TargetView.MAX_HISTORY);
        assertThat(health.standing().history().getFirst().healthy()).isTrue();
    }

    @Test
    void growsFromATenthToTheWholeShare() {
        failed(3);
        made();
        made();
        Duration slow = Duration.ofSeconds(90);

        assertThat(health.standing().percent(now, slow)).isEqualTo(10);
        assertThat(health.standing().percent(now + slow.toNanos() / 2, slow)).isEqualTo(55);
        assertThat(health.standing().percent(now + slow.toNanos(), slow)).isEqualTo(100);
        assertThat(health.standing().percent(now, Duration.ZERO)).isEqualTo(100);
        assertThat(Standing.fresh(Instant.EPOCH).percent(now, slow)).isEqualTo(100);
    }
}
