// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What one flow holds of what all flows share: a place for its prelude, bytes it keeps, bytes it cannot deliver, and what its layers have.
 * Confined to its loop.
 */
final class Held {
    private final PendingFlows all;
    private final EventLoop loop;
    private final EngineListener listener;
    private final Pending.Owner owner;
    /** None for a flow that never held a place or bytes. */
    private @Nullable Pending pending;
    /** What its handler keeps. */
    private int kept;
    /** What its layers hold, for as long as it has no target; from then on that is spilled. */
    private int layered;
    private boolean connected;
    private int spilled;

    Held(PendingFlows all, EventLoop loop, EngineListener listener, Pending.Owner owner) {
        this.all = all;
        this.loop = loop;
        this.listener = listener;
        this.owner = owner;
    }

    private Pending pending() {
        Pending known = pending;
        if (known == null) {
            known = new Pending(owner, listener);
            pending = known;
        }
        return known;
    }

    boolean place(long source) {
        return all.place(pending(), loop, source);
    }

    void leavePlace(long source) {
        all.leavePlace(pending(), loop, source);
    }

    /** Whether it ever held a place or bytes; most flows never do. */
    boolean known() {
        return pending != null;
    }

    boolean keep(int bytes, long source) {
        kept = bytes;
        return all.keep(pending(), loop, kept + layered, source);
    }

    /** Its layers hold so many bytes more, or fewer; whether there is room. */
    boolean layers(int more, long source) {
        if (connected) {
            spilled(more);
            return true;
        }
        layered += more;
        return all.keep(pending(), loop, kept + layered, source);
    }

    /** It has a target, and is not to give way any more. */
    void connected(long source) {
        connected = true;
        if (layered != 0) {
            int its = layered;
            layered = 0;
            // First let go: for a moment it would be counted twice, and give way to itself.
            all.keep(pending(), loop, kept, source);
            spilled(its);
        }
    }

    /** It counts for another source from now on. */
    void move(long source) {
        Pending known = pending;
        if (known != null) {
            all.move(known, loop, source);
        }
    }

    void spilled(int more) {
        spilled += more;
        all.spill(loop, more);
    }

    /** Gives back whatever its handler has not. */
    void release() {
        Pending known = pending;
        Pending.Source its = known == null ? null : known.source();
        if (its != null) {
            layered = 0;
            keep(0, its.key);
        }
        if (spilled != 0) {
            spilled(-spilled);
        }
    }
}
