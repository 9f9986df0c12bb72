// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.xnio.StreamConnection;

/**
 * The connections of the surface, {@value #MOST} at most. When all are taken, who has waited longest gives way to who comes: first one that
 * has no whole request, then one that does not read its answer. What is at work is never cut. Thread-safe.
 */
final class Seats {
    /** Open connections; more wait in the backlog, where they hold no descriptor. The engine leaves 256 descriptors for the node itself. */
    static final int MOST = 128;
    /** Longest that a connection without a whole request keeps its seat from others: what is on its way has come by then. */
    static final Duration UNFINISHED = Duration.ofMillis(700);
    /** The same once half of all seats were cut and others still come: then it is a flood, and whoever means it writes at once. */
    static final Duration FLOODED = Duration.ofMillis(20);
    /** Longest that one who takes nothing of an answer keeps its seat, or its place, from others. */
    static final Duration UNREAD = Duration.ofSeconds(1);
    /** Longest that one who takes an answer bit by bit does. */
    static final Duration SLOW = Duration.ofSeconds(10);

    private static final Duration CROWDED = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private final Map<StreamConnection, Seat> taken = new ConcurrentHashMap<>();
    // Volatile: set by the I/O thread, read by those that answer. When somebody last came while all seats were taken; 0: never.
    private volatile long crowdedNanos;
    /** Connections cut since it became crowded. Confined to the I/O thread. */
    private int cuts;

    Seats(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes a connection in. */
    Seat enter(StreamConnection connection) {
        Seat seat = new Seat(connection, nanos);
        taken.put(connection, seat);
        return seat;
    }

    /** The seat of a connection that is in. */
    Seat of(StreamConnection connection) {
        return Optional.ofNullable(taken.get(connection)).orElseGet(() -> new Seat(connection, nanos));
    }

    /** Whether others waited for a seat just now, so that nobody should keep one without need. */
    boolean crowded() {
        long last = crowdedNanos;
        return last != 0 && nanos.getAsLong() - last < CROWDED.toNanos();
    }

    /** Whether there is room for one more, if need be after another was cut. On the I/O thread. */
    boolean room() {
        if (taken.size() >= MOST) {
            taken.values().removeIf(seat -> !seat.open());
        }
        if (!crowded()) {
            cuts = 0;
        }
        if (taken.size() < MOST) {
            return true;
        }
        crowdedNanos = nanos.getAsLong();
        Duration patience = cuts < MOST / 2 ? UNFINISHED : FLOODED;
        Optional<Seat> longest = longest(Seat.Phase.WAITING, patience).filter(seat -> !seat.arrived()).findFirst().or(this::unread);
        longest.ifPresent(seat -> {
            cuts++;
            cut(seat);
        });
        return longest.isPresent();
    }

    /**
     * Cuts the one that is slowest to read its answer, so that its place is free.
     *
     * @return whether there was one
     */
    boolean cutUnread() {
        Optional<Seat> slowest = unread();
        slowest.ifPresent(this::cut);
        return slowest.isPresent();
    }

    /** Those of a phase that have been in it for some time, the longest first. */
    private Stream<Seat> longest(Seat.Phase phase, Duration atLeast) {
        long now = nanos.getAsLong();
        return taken.values().stream().filter(seat -> seat.is(phase) && now - seat.sinceNanos() >= atLeast.toNanos())
            .sorted(Comparator.comparingLong((Seat seat) -> now - seat.sinceNanos()).reversed());
    }

    private Optional<Seat> unread() {
        long now = nanos.getAsLong();
        return taken.values().stream().filter(seat -> seat.is(Seat.Phase.ANSWERING) && now - seat.movedNanos() >= UNREAD.toNanos())
            .max(Comparator.comparingLong(seat -> now - seat.movedNanos())).or(() -> longest(Seat.Phase.ANSWERING, SLOW).findFirst());
    }

    private void cut(Seat seat) {
        taken.remove(seat.connection());
        seat.cut();
    }
}
