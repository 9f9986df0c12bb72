// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/** One connection of the surface, and what it waits for: that decides who gives way. Thread-safe. */
final class Seat {
    private final StreamConnection connection;
    private final LongSupplier nanos;
    /** At most two a request: its places. Emptied with it. */
    private final List<Runnable> places = new CopyOnWriteArrayList<>();
    // Set once, before the connection is shared.
    private BooleanSupplier arrived = () -> false;
    // Volatile: written by the I/O thread and by those that work, read by the I/O thread that seeks room.
    private volatile State state;

    Seat(StreamConnection connection, LongSupplier nanos) {
        this.connection = connection;
        this.nanos = nanos;
        state = new State(Phase.WAITING, nanos.getAsLong(), nanos.getAsLong());
    }

    /** What a connection is about. */
    enum Phase {
        /** For a request, or for the rest of its head, or it was refused and is about to go. */
        WAITING,
        /** A request has come, and its answer is not there yet. */
        WORKING,
        /** Its answer is on the way. */
        ANSWERING
    }

    private record State(Phase phase, long sinceNanos, long movedNanos) {
    }

    StreamConnection connection() {
        return connection;
    }

    boolean open() {
        return connection.isOpen();
    }

    boolean is(Phase phase) {
        return state.phase() == phase;
    }

    /** When it came into its phase. */
    long sinceNanos() {
        return state.sinceNanos();
    }

    /** When its answer last moved. */
    long movedNanos() {
        return state.movedNanos();
    }

    void enter(Phase next) {
        state = new State(next, nanos.getAsLong(), nanos.getAsLong());
    }

    /** The peer took bytes. */
    void moved() {
        State now = state;
        state = new State(now.phase(), now.sinceNanos(), nanos.getAsLong());
    }

    /** How to see whether a request has come that nobody looked at yet. */
    void look(BooleanSupplier how) {
        arrived = how;
    }

    /** Whether a request has come after all. On the I/O thread. */
    boolean arrived() {
        return arrived.getAsBoolean();
    }

    /** Keeps what gives a place back, for when the connection is cut. It may be run twice. */
    void holds(Runnable place) {
        places.add(place);
    }

    /** The request is over, and gave its places back. */
    void free() {
        places.clear();
        enter(Phase.WAITING);
    }

    /** Closes, and gives the places back at once. */
    void cut() {
        IoUtils.safeClose(connection);
        places.forEach(Runnable::run);
        places.clear();
    }
}
