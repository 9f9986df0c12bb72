// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is known of the addresses of one family.
 *
 * @param kind whether there are any
 * @param addresses in the order of the answer; empty unless there are any
 * @param ttl the least of the chain of aliases and of the addresses; of a negative answer, how long it may be remembered
 * @param server who says so; empty if nobody did
 * @param problem why there are none; nothing is said with it when there are
 */
record FamilyAnswer(Kind kind, List<InetAddress> addresses, Duration ttl, String server, Problem problem) {
    /** Whether there are addresses. */
    enum Kind {
        /** There are. */
        FOUND,
        /** There are none, or not even the name: this is an answer, not a failure. */
        NONE,
        /** Nobody knows. */
        FAILED,
        /** Not known yet. */
        PENDING
    }

    static final FamilyAnswer PENDING = new FamilyAnswer(Kind.PENDING, List.of(), Duration.ZERO, "", Problem.OTHER);

    static FamilyAnswer found(List<InetAddress> addresses, Duration ttl, String server) {
        return new FamilyAnswer(Kind.FOUND, List.copyOf(addresses), ttl, server, Problem.OTHER);
    }

    static FamilyAnswer none(Problem problem, Duration ttl, String server) {
        return new FamilyAnswer(Kind.NONE, List.of(), ttl, server, problem);
    }

    static FamilyAnswer failed(Problem problem) {
        return new FamilyAnswer(Kind.FAILED, List.of(), Duration.ZERO, "", problem);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    FamilyAnswer from(String who) {
        return new FamilyAnswer(kind, addresses, ttl, who, problem);
    }
}
