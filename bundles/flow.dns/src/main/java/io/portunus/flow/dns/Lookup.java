// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.xbill.DNS.Name;

/**
 * One look-up of a name: of a host both families at once, each candidate of the search list in turn, of a service its records; within one
 * deadline. Confined to the thread of the resolver.
 */
final class Lookup {
    /** How long one family waits for the other before those who wait get what there is; the other is waited for further without them. */
    static final Duration GRACE = Duration.ofMillis(300);
    private final Asking asking;
    private final List<Name> candidates;
    private final boolean service;
    private final Consumer<Outcome> partly;
    private final Consumer<Outcome> done;
    private int candidate;
    private List<FamilyQuery<?>> queries = List.of();
    private Outcome outcome = Outcome.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
    private Cancellable deadline = () -> { };
    private Cancellable grace = () -> { };

    /**
     * @param service whether the name is that of a service
     * @param partly told at most once, when one family has addresses and the other is late
     * @param done told once, unless the look-up is cancelled
     */
    Lookup(Asking asking, List<Name> candidates, boolean service, Consumer<Outcome> partly, Consumer<Outcome> done) {
        this.asking = asking;
        this.candidates = candidates;
        this.service = service;
        this.partly = partly;
        this.done = done;
    }

    void begin() {
        deadline = asking.timers().after(asking.timeout(), this::expire);
        ask();
    }

    private void ask() {
        if (service) {
            outcome = Outcome.ofService(FamilyAnswer.pending());
            queries = List.of(query(Wanted.SRV, Outcome::ofService));
        } else {
            outcome = Outcome.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
            queries = List.of(query(Wanted.A, answer -> Outcome.ofHost(answer, outcome.ipv6())),
                query(Wanted.AAAA, answer -> Outcome.ofHost(outcome.ipv4(), answer)));
        }
        queries.forEach(FamilyQuery::begin);
    }

    private <T> FamilyQuery<T> query(Wanted<T> wanted, Function<FamilyAnswer<T>, Outcome> with) {
        return new FamilyQuery<>(asking, candidates.get(candidate), wanted, answer -> answered(with.apply(answer)));
    }

    private void answered(Outcome now) {
        outcome = now;
        if (!outcome.has(FamilyAnswer.Kind.PENDING)) {
            settle();
        } else if (outcome.found()) {
            grace = asking.timers().after(GRACE, () -> partly.accept(outcome));
        }
    }

    private void settle() {
        grace.cancel();
        // A failure ends the search: what a later suffix says might be somebody else's address.
        if (outcome.found() || outcome.failed() || candidate == candidates.size() - 1) {
            deadline.cancel();
            done.accept(outcome);
            return;
        }
        candidate++;
        ask();
    }

    private void expire() {
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
