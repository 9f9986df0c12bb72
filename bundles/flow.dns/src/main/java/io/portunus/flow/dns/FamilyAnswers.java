// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a look-up found.
 *
 * @param ipv4 of IPv4
 * @param ipv6 of IPv6
 * @param hosts of a service
 */
record FamilyAnswers(FamilyAnswer<InetAddress> ipv4, FamilyAnswer<InetAddress> ipv6, FamilyAnswer<ServiceHost> hosts) {
    private static final Set<Problem> DECIDED = EnumSet.of(Problem.NO_SERVICE, Problem.DENIED);

    static FamilyAnswers ofHost(FamilyAnswer<InetAddress> ipv4, FamilyAnswer<InetAddress> ipv6) {
        return new FamilyAnswers(ipv4, ipv6, FamilyAnswer.unasked());
    }

    static FamilyAnswers ofService(FamilyAnswer<ServiceHost> hosts) {
        return new FamilyAnswers(FamilyAnswer.unasked(), FamilyAnswer.unasked(), hosts);
    }

    private Stream<FamilyAnswer<?>> all() {
        return Stream.of(ipv4, ipv6, hosts);
    }

    boolean has(FamilyAnswer.Kind kind) {
        return all().anyMatch(answer -> answer.is(kind));
    }

    boolean found() {
        return has(FamilyAnswer.Kind.FOUND);
    }

    boolean failed() {
        return has(FamilyAnswer.Kind.FAILED);
    }

    /** The same, for no longer than that. */
    FamilyAnswers within(Duration most) {
        return new FamilyAnswers(ipv4.within(most), ipv6.within(most), hosts.within(most));
    }

    /** Whether an answer is decided that there is nothing: no other name is looked for then. */
    boolean decided() {
        return all().anyMatch(a -> a.is(FamilyAnswer.Kind.NONE) && DECIDED.contains(a.problem()));
    }

    /** Whether somebody could not be asked, or was silent. */
    boolean unanswered() {
        return all().anyMatch(a -> a.is(FamilyAnswer.Kind.FAILED) && a.problem() != Problem.SERVFAIL);
    }

    /** Whether a server answers that there is no such name at all; one family of it cannot have addresses then (RFC 8020 §2). */
    boolean noSuchName() {
        return !found() && all().anyMatch(a -> a.is(FamilyAnswer.Kind.NONE) && a.problem() == Problem.NXDOMAIN);
    }

    /** Why there is nothing: that there is no such name, what failed, or what was answered instead. */
    Problem problem() {
        if (noSuchName()) {
            return Problem.NXDOMAIN;
        }
        return all().filter(a -> a.is(FamilyAnswer.Kind.FAILED)).map(FamilyAnswer::problem).findFirst()
            .or(() -> all().filter(a -> a.is(FamilyAnswer.Kind.NONE)).map(FamilyAnswer::problem)
                .min(Comparator.comparing(why -> !DECIDED.contains(why)))).orElse(Problem.NODATA);
    }

    /** The least time to live of the answers of a kind. */
    Duration ttl(FamilyAnswer.Kind kind) {
        return all().filter(a -> a.is(kind)).map(FamilyAnswer::ttl).min(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Who answered: of two the one that found something, and of those the one of IPv4. */
    String server() {
        return all().filter(a -> a.is(FamilyAnswer.Kind.FOUND)).findFirst()
            .or(() -> all().filter(a -> a.is(FamilyAnswer.Kind.NONE)).findFirst()).map(FamilyAnswer::server).orElse("");
    }
}
