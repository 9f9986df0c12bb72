// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xbill.DNS.Name;

/**
 * One look-up of a name: of a host both families at once, each candidate of the search list in turn, of a service its records; within one
 * deadline. Confined to the thread of the resolver.
 */
final class Lookup {
    /** How long one family waits for the other before there is what there is; RFC 8305 §3 calls it the resolution delay. */
    static final Duration GRACE = Duration.ofMillis(50);
    /** How long the other family is waited for once a server has said that there is no such name, which is said for both (RFC 8020 §2). */
    private static final Duration NO_NAME_GRACE = Duration.ofMillis(300);
    private final Asking asking;
    private final List<Name> candidates;
    private final boolean service;
    private final Consumer<Outcome> partly;
    private final Consumer<Outcome> done;
    private final Passed passed;
    private int candidate;
    private List<FamilyQuery<?>> queries = List.of();
    private Outcome outcome = Outcome.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
    private Cancellable deadline = () -> { };
    private Cancellable grace = () -> { };
    /** Whether one family has waited for the other for as long as it does. */
    private boolean late;
    private boolean expired;

    /**
     * A look-up that has not begun.
     *
     * @param candidates the names to ask for, at least one
     * @param service whether the name is that of a service
     * @param partly told at most once, when one family has addresses and the other is late
     * @param done told once, unless the look-up is cancelled
     */
    Lookup(Asking asking, Candidates candidates, boolean service, Consumer<Outcome> partly, Consumer<Outcome> done) {
        this.asking = asking;
        this.candidates = candidates.names();
        this.passed = new Passed(candidates.asWrittenFirst());
        this.service = service;
        this.partly = partly;
        this.done = done;
    }

    /**
     * The names to ask for.
     *
     * @param names in their order, at least one
     * @param asWrittenFirst whether the first is the name as it was written
     */
    record Candidates(List<Name> names, boolean asWrittenFirst) {
    }

    void begin() {
        deadline = asking.timers().after(asking.timeout(), this::expire);
        ask();
    }

    private void ask() {
        if (service) {
            outcome = Outcome.ofService(FamilyAnswer.pending());
            queries = List.of(query(Wanted.SRV, Outcome::ofService));
        } else if (asking.options().withoutIpv6()) {
            outcome = Outcome.ofHost(FamilyAnswer.pending(), FamilyAnswer.unasked());
            queries = List.of(query(Wanted.A, answer -> Outcome.ofHost(answer, outcome.ipv6())));
        } else {
            outcome = Outcome.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
            queries = List.of(query(Wanted.A, answer -> Outcome.ofHost(answer, outcome.ipv6())),
                query(Wanted.AAAA, answer -> Outcome.ofHost(outcome.ipv4(), answer)));
        }
        if (asking.options().oneByOne()) {
            queries.getFirst().begin();
        } else {
            queries.forEach(FamilyQuery::begin);
        }
    }

    private <T> FamilyQuery<T> query(Wanted<T> wanted, Function<FamilyAnswer<T>, Outcome> with) {
        return new FamilyQuery<>(asking, candidates.get(candidate), wanted, answer -> answered(with.apply(answer)));
    }

    private void answered(Outcome now) {
        outcome = now;
        if (!outcome.has(FamilyAnswer.Kind.PENDING)) {
            settle();
        } else if (!expired) {
            await();
        }
    }

    /** One family is known, the other is not. */
    private void await() {
        if (outcome.found()) {
            grace = asking.timers().after(GRACE, this::late);
        } else if (outcome.ipv4().is(FamilyAnswer.Kind.NONE) && outcome.ipv4().problem() == Problem.NXDOMAIN) {
            // Not the other way round: there are servers that say so of IPv6 and have addresses of IPv4 (RFC 4074 §4.2).
            grace = asking.timers().after(NO_NAME_GRACE, this::noName);
        }
        if (asking.options().oneByOne()) {
            queries.getLast().begin();
        }
    }

    private void late() {
        late = true;
        partly.accept(passed.found(outcome));
    }

    private void noName() {
        queries.getLast().cancel();
        outcome = Outcome.ofHost(outcome.ipv4(), outcome.ipv4());
        settle();
    }

    /** What there is for whoever comes while the other family is late. */
    Optional<Outcome> known() {
        return late ? Optional.of(passed.found(outcome)) : Optional.empty();
    }

    private void settle() {
        grace.cancel();
        if (outcome.found()) {
            end(passed.found(outcome));
        } else if (expired || outcome.decided() || outcome.unanswered()) {
            // Who cannot be asked for one name cannot be asked for the next.
            end(outcome);
        } else {
            // A server that fails for one name does not end the search, as it does not for the C library.
            passed.add(outcome);
            candidate++;
            if (candidate < candidates.size()) {
                ask();
            } else {
                end(passed.nothing(outcome));
            }
        }
    }

    private void end(Outcome found) {
        deadline.cancel();
        done.accept(found);
    }

    private void expire() {
        expired = true;
        // One of them may be what settles everything; the others know that they are over.
        queries.forEach(FamilyQuery::expire);
    }

    /** Asks no more and tells nothing. */
    void cancel() {
        deadline.cancel();
        grace.cancel();
        queries.forEach(FamilyQuery::cancel);
    }
}
