// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The records of one kind of one name, and how long they hold. Confined to the thread of the resolver. */
final class Slot<T> {
    private List<T> records = List.of();
    /** The end of their time to live. */
    private Instant until = Instant.EPOCH;
    /** The end of their grace; it begins with the first failure or the end of the time to live, whichever is later, and no failure prolongs it. */
    private Instant graceUntil = Instant.EPOCH;
    private boolean failing;

    void learn(FamilyAnswer<T> answer, Instant now, DnsSettings settings) {
        switch (answer.kind()) {
            case FOUND -> set(answer.records(), now.plus(settings.clamped(answer.ttl())));
            case NONE -> clear();
            case FAILED -> fail(now, settings.stale());
            case PENDING, UNASKED -> { }
        }
    }

    private void set(List<T> found, Instant end) {
        records = found;
        until = end;
        failing = false;
    }

    private void fail(Instant now, Duration stale) {
        if (!failing) {
            failing = true;
            graceUntil = (now.isAfter(until) ? now : until).plus(stale);
        }
        if (!now.isBefore(graceUntil)) {
            clear();
        }
    }

    void clear() {
        set(List.of(), Instant.EPOCH);
    }

    List<T> records() {
        return records;
    }

    /** The records, if they may still be given although look-ups fail or have not ended. */
    List<T> inGrace(Instant now, Duration stale) {
        return now.isBefore(graceEnd(stale)) ? records : List.of();
    }

    /** The end of the grace as it is now known. */
    Instant graceEnd(Duration stale) {
        return failing ? graceUntil : until.plus(stale);
    }

    boolean empty() {
        return records.isEmpty();
    }

    boolean holds(Instant now) {
        return !empty() && now.isBefore(until);
    }

    boolean failing() {
        return failing;
    }

    Instant until() {
        return until;
    }

    Instant graceUntil() {
        return graceUntil;
    }

    /** Takes over what an older version of the bundle knew. */
    void restore(List<T> known, Instant end, boolean wasFailing, Instant graceEnd) {
        set(known, end);
        failing = wasFailing;
        graceUntil = graceEnd;
    }
}
