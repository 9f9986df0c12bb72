// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** What one flow holds of what all flows share: a place for its first bytes, bytes it keeps, bytes it cannot deliver. Confined to its loop. */
final class Held {
    private final PendingFlows all;
    private final EventLoop loop;
    private final EngineListener listener;
    private final Pending.Owner owner;
    /** None for a flow that never held a place or bytes. */
    private @Nullable Pending pending;
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
        return all.keep(pending(), loop, bytes, source);
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
            keep(0, its.key);
        }
        if (spilled != 0) {
            spilled(-spilled);
        }
    }
}
