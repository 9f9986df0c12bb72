// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.time.Duration;
import java.util.List;

/**
 * What is known of the records of one kind: the addresses of a family, or the hosts of a service.
 *
 * @param kind whether there are any
 * @param records what they hold; empty unless there are any
 * @param ttl the least of the chain of aliases and of the records; of a negative answer, how long it may be remembered
 * @param server who answered so; empty if nobody did
 * @param problem why there are none; without meaning when there are
 */
record FamilyAnswer<T>(Kind kind, List<T> records, Duration ttl, String server, Problem problem) {
    /** Whether there are any. */
    enum Kind {
        /** There are. */
        FOUND,
        /** There are none, or not even the name: this is an answer, not a failure. */
        NONE,
        /** Nobody knows. */
        FAILED,
        /** Not known yet. */
        PENDING,
        /** Nobody is asked: the name is not one that has them. */
        UNASKED
    }

    static <T> FamilyAnswer<T> pending() {
        return new FamilyAnswer<>(Kind.PENDING, List.of(), Duration.ZERO, "", Problem.OTHER);
    }

    static <T> FamilyAnswer<T> unasked() {
        return new FamilyAnswer<>(Kind.UNASKED, List.of(), Duration.ZERO, "", Problem.OTHER);
    }

    static <T> FamilyAnswer<T> found(List<T> records, Duration ttl, String server) {
        return new FamilyAnswer<>(Kind.FOUND, List.copyOf(records), ttl, server, Problem.OTHER);
    }

    static <T> FamilyAnswer<T> none(Problem problem, Duration ttl, String server) {
        return new FamilyAnswer<>(Kind.NONE, List.of(), ttl, server, problem);
    }

    static <T> FamilyAnswer<T> failed(Problem problem) {
        return new FamilyAnswer<>(Kind.FAILED, List.of(), Duration.ZERO, "", problem);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** The same, for no longer than that. */
    FamilyAnswer<T> within(Duration most) {
        return ttl.compareTo(most) <= 0 ? this : new FamilyAnswer<>(kind, records, most, server, problem);
    }

    FamilyAnswer<T> from(String who) {
        return new FamilyAnswer<>(kind, records, ttl, who, problem);
    }
}
