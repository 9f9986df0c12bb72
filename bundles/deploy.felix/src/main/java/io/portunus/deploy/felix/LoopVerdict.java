// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.LoopView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Judges a new version by the loops that its code holds. Immutable.
 *
 * @param version the version that is watched
 */
record LoopVerdict(LoopView.Holder version) {
    /** How much longer a watch takes whose end finds a loop that has not answered: then it is known whether that is stalled. */
    static final Duration PATIENCE = LoopView.STALLED.plusSeconds(1);

    /** Why the version must go; empty while it holds no loop. */
    Optional<String> judge(List<LoopView> loops) {
        List<LoopView> held = loops.stream().filter(loop -> !loop.turns() && loop.holder().filter(version::equals).isPresent()).toList();
        if (held.isEmpty()) {
            return Optional.empty();
        }
        long flows = held.stream().mapToLong(LoopView::flows).sum();
        return Optional.of("its code has held " + (held.size() == 1 ? "the loop " + held.getFirst().name() : held.size() + " loops") + " for "
            + held.getFirst().silent().toSeconds() + " s. To take it back does not undo that: " + flows + " connections stand still, and are"
            + " lost with the loop if it does not turn within " + LoopView.LOST.toSeconds() + " s; then 'deploy.lost_loop' decides whether the"
            + " process ends");
    }

    /** Whether it is not known yet of some loop. */
    static boolean undecided(List<LoopView> loops) {
        return loops.stream().anyMatch(loop -> loop.turns() && loop.silent().isPositive());
    }
}
