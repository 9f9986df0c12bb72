// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.SilencePolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which share of a target's sessions is answered, in one window after the other; a window begins with the first session that is settled in it.
 * Thread-safe without locks; called once a session, and only where the rule asks for it.
 */
final class Answers {
    /** Sessions that are counted in a window; twice as many as a rule can ask for. */
    private static final int MOST = 2 * SilencePolicy.MAX_SESSIONS;
    private static final Window NONE = new Window(0, 0, 0);

    private final AtomicReference<Window> window = new AtomicReference<>(NONE);

    /**
     * What was settled in a window.
     *
     * @param since when it began, in nanoseconds; of one with nothing in it of no meaning
     */
    private record Window(long since, int answered, int silent) {
        Window at(long now, long lengthNanos) {
            return answered + silent == 0 || now - since > lengthNanos ? new Window(now, 0, 0) : this;
        }

        /** Beyond so many they are halved: the share stays, and no number overflows. */
        Window plus(int more, int moreSilent) {
            return answered + silent < MOST ? new Window(since, answered + more, silent + moreSilent)
                : new Window(since, answered / 2 + more, silent / 2 + moreSilent);
        }

        boolean tooSilent(SilencePolicy policy) {
            int all = answered + silent;
            return all >= policy.sessions() && 100L * silent >= (long) policy.percent() * all;
        }
    }

    /** A session was answered. */
    void answered(Duration length, long now) {
        window.updateAndGet(its -> its.at(now, length.toNanos()).plus(1, 0));
    }

    /** One was not; returns whether these are too many now. If so, it begins to count anew. */
    boolean silent(SilencePolicy policy, Duration length, long now) {
        Window counted = window.updateAndGet(its -> its.at(now, length.toNanos()).plus(0, 1));
        return counted.tooSilent(policy) && window.compareAndSet(counted, NONE);
    }
}
