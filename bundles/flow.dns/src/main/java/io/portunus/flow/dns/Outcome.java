// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a look-up found.
 *
 * @param ipv4 of IPv4
 * @param ipv6 of IPv6
 */
record Outcome(FamilyAnswer ipv4, FamilyAnswer ipv6) {
    private Stream<FamilyAnswer> both() {
        return Stream.of(ipv4, ipv6);
    }

    boolean has(FamilyAnswer.Kind kind) {
        return ipv4.is(kind) || ipv6.is(kind);
    }

    boolean found() {
        return has(FamilyAnswer.Kind.FOUND);
    }

    boolean failed() {
        return has(FamilyAnswer.Kind.FAILED);
    }

    /** Whether a server says that there is no such name at all; one family of it cannot have addresses then (RFC 8020 §2). */
    boolean noSuchName() {
        return !found() && both().anyMatch(a -> a.is(FamilyAnswer.Kind.NONE) && a.problem() == Problem.NXDOMAIN);
    }

    /** Why there is no address: that there is no such name, what failed, or that there are none. */
    Problem problem() {
        if (noSuchName()) {
            return Problem.NXDOMAIN;
        }
        return both().filter(a -> a.is(FamilyAnswer.Kind.FAILED)).map(FamilyAnswer::problem).findFirst().orElse(Problem.NODATA);
    }

    /** The least time to live of the answers of a kind. */
    Duration ttl(FamilyAnswer.Kind kind) {
        return both().filter(a -> a.is(kind)).map(FamilyAnswer::ttl).min(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Who answered: of two the one with addresses, and of those the one of IPv4. */
    String server() {
        return both().filter(a -> a.is(FamilyAnswer.Kind.FOUND)).findFirst()
            .or(() -> both().filter(a -> a.is(FamilyAnswer.Kind.NONE)).findFirst()).map(FamilyAnswer::server).orElse("");
    }
}
