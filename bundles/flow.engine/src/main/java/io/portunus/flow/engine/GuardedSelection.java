// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A selection whose exceptions are a refusal: a broken selector costs its own flow and no other. It is released once. Confined to the
 * flow's loop.
 */
final class GuardedSelection implements TargetSelection {
    private static final Cancellable NOTHING = () -> { };

    private final TargetSelection selection;
    private final Consumer<Throwable> onFault;
    private final Consumer<Runnable> steps;
    private boolean released;

    /**
     * Guards a selection.
     *
     * @param onFault takes what it throws
     * @param steps runs the handler's part of an answer, and takes what that throws
     */
    GuardedSelection(TargetSelection selection, Consumer<Throwable> onFault, Consumer<Runnable> steps) {
        this.selection = selection;
        this.onFault = onFault;
        this.steps = steps;
    }

    /** Passes on the first answer, so that a selector that fails behind it answers no second time. Confined to the loop. */
    private final class OneAnswer implements Answer {
        private final Answer answer;
        private boolean given;

        OneAnswer(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void found(Target target, List<InetSocketAddress> endpoints) {
            give(() -> answer.found(target, endpoints));
        }

        @Override
        public void none(CloseReason reason) {
            give(() -> answer.none(reason));
        }

        private void give(Runnable step) {
            if (!given) {
                given = true;
                steps.accept(step);
            }
        }
    }

    @Override
    public Cancellable next(Answer answer) {
        OneAnswer once = new OneAnswer(answer);
        try {
            return selection.next(once);
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            once.none(CloseReason.INTERNAL_ERROR);
            return NOTHING;
        }
    }

    @Override
    public void connected(InetSocketAddress endpoint, Duration took) {
        guarded(() -> selection.connected(endpoint, took));
    }

    @Override
    public void unanswered() {
        guarded(selection::unanswered);
    }

    @Override
    public void failed(Failure why) {
        guarded(() -> selection.failed(why));
    }

    boolean released() {
        return released;
    }

    @Override
    public void release() {
        if (!released) {
            released = true;
            guarded(selection::release);
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
        }
    }
}
