// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What was served until a moment ago: a request for it is answered with "try again", not with "not found". Thread-safe. */
final class Absences {
    /** How long it is remembered: longer than a bundle takes to be replaced or started again. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);
    /** Most that is remembered; the oldest is forgotten. */
    static final int MOST = 256;

    private final LongSupplier nanos;
    private final Deque<Absence> absences = new ArrayDeque<>();

    private record Absence(Claim claim, long sinceNanos) {
    }

    Absences(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** It went just now. */
    synchronized void add(Claim claim) {
        if (absences.size() == MOST) {
            absences.removeFirst();
        }
        absences.addLast(new Absence(claim, nanos.getAsLong()));
    }

    /** Who served a path until a moment ago, of whatever method. */
    synchronized Optional<Claim> at(String path) {
        long now = nanos.getAsLong();
        while (!absences.isEmpty() && now - absences.getFirst().sinceNanos() >= REMEMBERED.toNanos()) {
            absences.removeFirst();
        }
        List<Claim> claims = absences.stream().map(Absence::claim).toList();
        return new Router(claims).at(path).stream().map(Router.Candidate::claim).findFirst();
    }
}
