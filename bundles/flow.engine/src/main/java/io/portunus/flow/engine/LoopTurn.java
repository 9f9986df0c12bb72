// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Which flow a loop works for now. Written by the loop alone, with stores that cost no fence; {@link TurnWatch} reads it from its thread and may
 * see it a little late.
 */
final class LoopTurn {
    private static final AtomicReferenceFieldUpdater<LoopTurn, Flow> NOW =
        AtomicReferenceFieldUpdater.newUpdater(LoopTurn.class, Flow.class, "now");

    private volatile @Nullable Flow now;
    /** Numbers the turns; published by the store of the flow that follows. */
    private long number;
    private @Nullable Thread thread;

    /** A turn of the flow begins; false within a turn, which goes on then. */
    boolean begin(Flow flow) {
        if (now != null) {
            return false;
        }
        if (thread == null) {
            thread = Thread.currentThread();
        }
        number++;
        NOW.lazySet(this, flow);
        return true;
    }

    /** The turn is over. */
    void end() {
        NOW.lazySet(this, null);
    }

    /** Whose turn it is; nobody's while the loop waits. Callable from any thread. */
    @Nullable Flow now() {
        return now;
    }

    /** Differs from turn to turn, if it was read after {@link #now}. */
    long number() {
        return number;
    }

    /** The loop's thread, once it has had a turn. */
    @Nullable Thread thread() {
        return thread;
    }
}
