// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;

/**
 * When listeners that could not be bound are tried again: a second after a change, then after twice as long each time, half a minute at most,
 * for as long as there are any. Used under the engine's apply lock.
 */
final class ListenRetry {
    /** Before the first try after a change. */
    static final Duration FIRST = Duration.ofSeconds(1);
    /** Where the doubling ends. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final Delay delay;
    private final Runnable tryAgain;
    private Duration pause = FIRST;
    private Cancellable next = () -> { };

    ListenRetry(Delay delay, Runnable tryAgain) {
        this.delay = delay;
        this.tryAgain = tryAgain;
    }

    /** Everything was tried because something changed. */
    void changed(boolean someLeft) {
        pause = FIRST;
        await(someLeft);
    }

    /** It was tried again, as no more than the time had changed. */
    void triedAgain(boolean someLeft) {
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
        await(someLeft);
    }

    private void await(boolean someLeft) {
        next.cancel();
        next = someLeft ? delay.after(pause, tryAgain) : () -> { };
    }

    /** There is nothing to try any more. */
    void stop() {
        next.cancel();
    }
}
