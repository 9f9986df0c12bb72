// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.LoopView;
import io.portunus.flow.api.LoopView.Holder;
import io.portunus.flow.api.LoopView.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is made of loops that do not turn: by a bake, and by the process. */
class LostLoopsTest {
    private static final Holder RUDE = new Holder("x.rude", "2.0.0");
    private static final LoopView TURNING = loop(State.TURNING, 0, Optional.empty());

    private final AtomicInteger ends = new AtomicInteger();

    private static LoopView loop(State state, int seconds, Optional<Holder> holder) {
        return new LoopView("flow-1", "still", state, Duration.ofSeconds(seconds), state == State.TURNING ? 0 : 7, holder);
    }

    @Test
    void versionThatHoldsALoopIsTakenBackAndWhatIsLostIsStated() {
        LoopVerdict verdict = new LoopVerdict(RUDE);

        assertThat(verdict.judge(List.of(TURNING, loop(State.STALLED, 2, Optional.of(RUDE)))).orElseThrow())
            .contains("the loop flow-1").contains("7 connections").contains("deploy.lost_loop");
    }

    @Test
    void loopOfAnotherVersionOrOfNobodySpeaksAgainstNobody() {
        LoopVerdict verdict = new LoopVerdict(RUDE);

        assertThat(verdict.judge(List.of(TURNING, loop(State.STALLED, 2, Optional.empty()),
            loop(State.LOST, 12, Optional.of(new Holder("x.rude", "1.0.0")))))).isEmpty();
    }

    @Test
    void loopThatHasMissedOneAnswerIsUndecided() {
        assertThat(LoopVerdict.undecided(List.of(TURNING))).isFalse();
        assertThat(LoopVerdict.undecided(List.of(TURNING, loop(State.TURNING, 1, Optional.empty())))).isTrue();
        assertThat(LoopVerdict.undecided(List.of(loop(State.STALLED, 3, Optional.empty())))).isFalse();
    }

    @Test
    void processEndsOnceWhenALoopIsLost() {
        List<LoopView> lost = List.of(TURNING, loop(State.LOST, 10, Optional.of(RUDE)));
        LostLoops loops = new LostLoops(() -> lost, true, ends::incrementAndGet);

        assertThat(loops.look()).isTrue();
        assertThat(loops.look()).isFalse();

        assertThat(ends).hasValue(1);
    }

    @Test
    void stalledLoopEndsNothing() {
        assertThat(new LostLoops(() -> List.of(TURNING, loop(State.STALLED, 9, Optional.of(RUDE))), true, ends::incrementAndGet).look()).isFalse();

        assertThat(ends).hasValue(0);
    }

    @Test
    void whoeverChoseToStayStaysUntilHeChoosesOtherwise() {
        LostLoops loops = new LostLoops(() -> List.of(loop(State.LOST, 10, Optional.empty())), false, ends::incrementAndGet);

        assertThat(loops.look()).isFalse();
        loops.exits(true);

        assertThat(loops.look()).isTrue();
    }
}
