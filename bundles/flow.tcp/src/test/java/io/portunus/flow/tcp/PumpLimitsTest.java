// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.MemoryFlow;
import io.portunus.flow.memory.MemoryStream;
import io.portunus.model.Timeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long an open flow may be silent, and how old it may get. */
class PumpLimitsTest extends FlowInMemory {
    private static final Duration NONE = Duration.ZERO;

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private void start(Duration idle, Duration halfClosed, Duration lifetime) {
        start(plain().withTimeouts(new Timeouts(seconds(3), seconds(3), seconds(15), idle, halfClosed, lifetime, NONE)));
    }

    private void bothAreReset(CloseReason reason) {
        assertThat(client.fate()).isEqualTo(MemoryStream.Fate.RESET);
        assertThat(target.fate()).isEqualTo(MemoryStream.Fate.RESET);
        endedBy(reason);
    }

    @Test
    void flowWithoutLimitsHasNoTimer() {
        start(NONE, NONE, NONE);
        client.peerSends(ascii("x"));
        client.peerEnds();

        assertThat(loop.pending()).isZero();
        loop.pass(Duration.ofDays(365));
        target.peerEnds();

        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void usualFlowHasNoTimerUntilOneSideHasFinished() {
        start(plain());
        client.peerSends(ascii("x"));
        assertThat(loop.pending()).isZero();

        client.peerEnds();

        assertThat(loop.pending()).isEqualTo(1);
        target.peerEnds();
        endedBy(CloseReason.COMPLETED);
    }

    @Test
    void silentFlowIsResetInTime() {
        start(seconds(80), NONE, NONE);
        loop.pass(Duration.ofMillis(79_999));
        assertThat(flow.closed).isEmpty();
        assertThat(loop.pending()).isEqualTo(1);

        loop.pass(Duration.ofMillis(1));

        bothAreReset(CloseReason.IDLE_TIMEOUT);
    }

    @Test
    void bytesOfEitherSideKeepAFlow() {
        start(seconds(80), NONE, NONE);
        for (int i = 0; i < 20; i++) {
            loop.pass(seconds(79));
            client.peerSends(ascii("x"));
            loop.pass(seconds(79));
            target.peerSends(ascii("y"));
            assertThat(loop.pending()).isEqualTo(1);
        }
        assertThat(flow.closed).isEmpty();

        loop.pass(seconds(79));
        assertThat(flow.closed).isEmpty();
        loop.pass(seconds(11));

        bothAreReset(CloseReason.IDLE_TIMEOUT);
    }

    @Test
    void bytesThatNobodyTakesDoNotKeepAFlow() {
        target.window(10);
        start(seconds(80), NONE, NONE);
        client.peerSends(new byte[20]);

        loop.pass(seconds(90));

        bothAreReset(CloseReason.IDLE_TIMEOUT);
    }

    @Test
    void silenceOfTheOtherSideIsBoundedOnceOneHasFinished() {
        start(NONE, seconds(40), NONE);
        loop.pass(seconds(1_000));
        client.peerEnds();
        loop.pass(seconds(30));
        target.peerSends(ascii("late"));
        loop.pass(seconds(39));
        assertThat(flow.closed).isEmpty();

        loop.pass(seconds(6));

        assertThat(text(client.written())).isEqualTo("late");
        bothAreReset(CloseReason.HALF_CLOSED_TIMEOUT);
    }

    @Test
    void halfClosedFlowEndsInTimeToTheDotWhenNothingMoves() {
        start(NONE, seconds(40), NONE);
        loop.pass(seconds(7));
        target.peerEnds();
        loop.pass(Duration.ofMillis(39_999));
        assertThat(flow.closed).isEmpty();

        loop.pass(Duration.ofMillis(1));

        bothAreReset(CloseReason.HALF_CLOSED_TIMEOUT);
    }

    @Test
    void shorterOfTwoSilencesCounts() {
        start(seconds(80), seconds(8), NONE);
        loop.pass(seconds(79));
        client.peerEnds();
        assertThat(loop.pending()).isEqualTo(1);

        loop.pass(seconds(8));

        bothAreReset(CloseReason.HALF_CLOSED_TIMEOUT);
    }

    @Test
    void idleFlowIsIdleThoughOneSideHasFinished() {
        start(seconds(8), seconds(80), NONE);
        client.peerEnds();

        loop.pass(seconds(8));

        bothAreReset(CloseReason.IDLE_TIMEOUT);
    }

    @Test
    void clientThatFinishedBeforeItsTargetWasThereIsHalfClosed() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(NONE, seconds(8), NONE);
        client.peerEnds();
        loop.pass(seconds(2));
        flow.answer();

        loop.pass(seconds(8));

        bothAreReset(CloseReason.HALF_CLOSED_TIMEOUT);
    }

    @Test
    void flowEndsAtItsAgeHoweverBusyItIs() {
        start(seconds(80), NONE, seconds(100));
        for (int i = 0; i < 99; i++) {
            loop.pass(seconds(1));
            client.peerSends(ascii("x"));
        }
        assertThat(flow.closed).isEmpty();
        assertThat(loop.pending()).isEqualTo(1);

        loop.pass(seconds(1));

        bothAreReset(CloseReason.MAX_LIFETIME);
    }

    @Test
    void ageCountsFromAccept() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(NONE, NONE, seconds(4));
        loop.pass(seconds(2));
        flow.answer();

        loop.pass(Duration.ofMillis(1_999));
        assertThat(flow.closed).isEmpty();
        loop.pass(Duration.ofMillis(1));

        bothAreReset(CloseReason.MAX_LIFETIME);
    }

    @Test
    void flowThatIsTooOldWhenItsTargetAnswersMovesNothing() {
        flow.targets = MemoryFlow.Manner.HANGS;
        start(NONE, NONE, seconds(2));
        client.peerSends(ascii("x"));
        loop.pass(Duration.ofMillis(2_500));

        flow.answer();

        assertThat(target.written()).isEmpty();
        bothAreReset(CloseReason.MAX_LIFETIME);
    }

    @Test
    void clientThatResetsLeavesNoTimer() {
        start(seconds(80), NONE, seconds(100));

        clientResets();

        bothAreReset(CloseReason.DOWNSTREAM_RESET);
    }

    @Test
    void shortestLimitsDoNotSpin() {
        start(Duration.ofMillis(20), NONE, NONE);
        for (int i = 0; i < 100; i++) {
            client.peerSends(ascii("x"));
            loop.pass(Duration.ofMillis(10));
        }
        assertThat(flow.closed).isEmpty();

        loop.pass(Duration.ofMillis(30));

        bothAreReset(CloseReason.IDLE_TIMEOUT);
    }
}
