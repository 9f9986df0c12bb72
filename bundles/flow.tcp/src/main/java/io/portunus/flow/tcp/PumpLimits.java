// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.model.Timeouts;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long an open flow may be silent, and how old it may get. Moving bytes costs nothing here: a timer looks now and then whether any were
 * moved since it looked last. So silence is noticed in time, or up to an eighth of its limit late. At most one timer a flow, none without
 * a limit. Confined to the flow's loop.
 */
final class PumpLimits implements Cancellable {
    /** Looks for each limit of silence. */
    private static final int LOOKS = 8;
    /** Between two looks at least, however short the limit. */
    private static final long MIN_LOOK_NANOS = Duration.ofMillis(10).toNanos();

    private final LiveFlow flow;
    private final LongSupplier nanos;
    private final Watched watched;
    private final long idleNanos;
    private final long halfClosedNanos;
    private final long lifetimeNanos;
    private long acceptedAt;
    private boolean halfClosed;
    private long seen;
    private long lastMove;
    private Cancellable timer = TcpFlow.NOTHING_UNDER_WAY;
    private boolean over;

    /** The flow that is watched. */
    interface Watched {
        /** Bytes moved so far, both ways. */
        long moved();

        /** It has come to a limit. Called once. */
        void expired(CloseReason reason);
    }

    /** Makes limits of which none is set; zero is none (see {@link Timeouts}). */
    PumpLimits(LiveFlow flow, LongSupplier nanos, Timeouts timeouts, Watched watched) {
        this.flow = flow;
        this.nanos = nanos;
        this.watched = watched;
        this.idleNanos = timeouts.idle().toNanos();
        this.halfClosedNanos = timeouts.halfClosed().toNanos();
        this.lifetimeNanos = timeouts.lifetime().toNanos();
    }

    /**
     * The flow is open.
     *
     * @param accepted when it was accepted, from which on its age counts
     */
    void begin(long accepted) {
        acceptedAt = accepted;
        hear(nanos.getAsLong());
        look();
    }

    /** One side has finished; from here on the limit of that counts as well. Does nothing when it is called again. */
    void halfClosed() {
        if (!halfClosed) {
            halfClosed = true;
            if (halfClosedNanos > 0) {
                hear(nanos.getAsLong());
                look();
            }
        }
    }

    /** The limit of silence that counts now, the shorter one of two; 0 for none. */
    private long silenceNanos() {
        long ofHalfClosed = halfClosed ? halfClosedNanos : 0;
        return idleNanos == 0 || ofHalfClosed == 0 ? idleNanos + ofHalfClosed : Math.min(idleNanos, ofHalfClosed);
    }

    private void hear(long now) {
        seen = watched.moved();
        lastMove = now;
    }

    private void look() {
        long silence = silenceNanos();
        if (over || silence == 0 && lifetimeNanos == 0) {
            return;
        }
        long now = nanos.getAsLong();
        if (watched.moved() != seen) {
            hear(now);
        }
        long age = now - acceptedAt;
        long silent = now - lastMove;
        if (lifetimeNanos > 0 && age >= lifetimeNanos) {
            expire(CloseReason.MAX_LIFETIME);
        } else if (silence > 0 && silent >= silence) {
            expire(halfClosed && silence == halfClosedNanos ? CloseReason.HALF_CLOSED_TIMEOUT : CloseReason.IDLE_TIMEOUT);
        } else {
            long toLook = silence == 0 ? Long.MAX_VALUE : Math.min(silence - silent, Math.max(silence / LOOKS, MIN_LOOK_NANOS));
            long toEnd = lifetimeNanos == 0 ? Long.MAX_VALUE : lifetimeNanos - age;
            timer.cancel();
            timer = flow.after(Duration.ofNanos(Math.min(toLook, toEnd)), this::look);
        }
    }

    private void expire(CloseReason reason) {
        cancel();
        watched.expired(reason);
    }

    @Override
    public void cancel() {
        over = true;
        timer.cancel();
    }
}
