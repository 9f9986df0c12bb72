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
    /** How long the other family is waited for once a server has answered that there is no such name, which holds for both (RFC 8020 §2). */
    private static final Duration NO_NAME_GRACE = Duration.ofMillis(300);
    private final Asking asking;
    private final List<Name> candidates;
    private final boolean service;
    private final Consumer<FamilyAnswers> partly;
    private final Consumer<FamilyAnswers> done;
    private final Passed passed;
    private int candidate;
    private List<FamilyQuery<?>> queries = List.of();
    private FamilyAnswers result = FamilyAnswers.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
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
     * @param partly called at most once, when one family has addresses and the other is late
     * @param done called once, unless the look-up is cancelled
     */
    Lookup(Asking asking, Candidates candidates, boolean service, Consumer<FamilyAnswers> partly, Consumer<FamilyAnswers> done) {
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
            result = FamilyAnswers.ofService(FamilyAnswer.pending());
            queries = List.of(query(Wanted.SRV, FamilyAnswers::ofService));
        } else if (asking.options().withoutIpv6()) {
            result = FamilyAnswers.ofHost(FamilyAnswer.pending(), FamilyAnswer.unasked());
            queries = List.of(query(Wanted.A, answer -> FamilyAnswers.ofHost(answer, result.ipv6())));
        } else {
            result = FamilyAnswers.ofHost(FamilyAnswer.pending(), FamilyAnswer.pending());
            queries = List.of(query(Wanted.A, answer -> FamilyAnswers.ofHost(answer, result.ipv6())),
                query(Wanted.AAAA, answer -> FamilyAnswers.ofHost(result.ipv4(), answer)));
        }
        if (asking.options().oneByOne()) {
            queries.getFirst().begin();
        } else {
            queries.forEach(FamilyQuery::begin);
        }
    }

    private <T> FamilyQuery<T> query(Wanted<T> wanted, Function<FamilyAnswer<T>, FamilyAnswers> with) {
        return new FamilyQuery<>(asking, candidates.get(candidate), wanted, answer -> answered(with.apply(answer)));
    }

    private void answered(FamilyAnswers now) {
        result = now;
        if (!result.has(FamilyAnswer.Kind.PENDING)) {
            settle();
        } else if (!expired) {
            await();
        }
    }

    /** One family is known, the other is not. */
    private void await() {
        if (result.found()) {
            grace = asking.timers().after(GRACE, this::late);
        } else if (result.ipv4().is(FamilyAnswer.Kind.NONE) && result.ipv4().problem() == Problem.NXDOMAIN) {
            // Not the other way round: there are servers that answer so for IPv6 and have addresses of IPv4 (RFC 4074 §4.2).
            grace = asking.timers().after(NO_NAME_GRACE, this::noName);
        }
        if (asking.options().oneByOne()) {
            queries.getLast().begin();
        }
    }

    private void late() {
        late = true;
        partly.accept(passed.found(result));
    }

    private void noName() {
        queries.getLast().cancel();
        result = FamilyAnswers.ofHost(result.ipv4(), result.ipv4());
        settle();
    }

    /** What there is for whoever comes while the other family is late. */
    Optional<FamilyAnswers> known() {
        return late ? Optional.of(passed.found(result)) : Optional.empty();
    }

    private void settle() {
        grace.cancel();
        if (result.found()) {
            end(passed.found(result));
        } else if (expired || result.decided() || result.unanswered()) {
            // Who cannot be asked for one name cannot be asked for the next.
            end(result);
        } else {
            // A server that fails for one name does not end the search, as it does not for the C library.
            passed.add(result);
            candidate++;
            if (candidate < candidates.size()) {
                ask();
            } else {
                end(passed.nothing(result));
            }
        }
    }

    private void end(FamilyAnswers found) {
        deadline.cancel();
        done.accept(found);
    }

    private void expire() {
        expired = true;
        // One of them may be what settles everything; the others know that they are over.
        queries.forEach(FamilyQuery::expire);
    }

    /** Asks no more and calls nobody. */
    void cancel() {
        deadline.cancel();
        grace.cancel();
        queries.forEach(FamilyQuery::cancel);
    }
}
