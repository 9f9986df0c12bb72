// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * One look-up of a name: both families at once, each candidate of the search list in turn, within one deadline. Confined to the thread of
 * the resolver.
 */
final class Lookup {
    /** How long one family waits for the other before those who wait get what there is; the other is waited for further without them. */
    static final Duration GRACE = Duration.ofMillis(300);
    private final Asking asking;
    private final List<Name> candidates;
    private final Consumer<Outcome> partly;
    private final Consumer<Outcome> done;
    private int candidate;
    private FamilyQuery ipv4;
    private FamilyQuery ipv6;
    private Outcome outcome = new Outcome(FamilyAnswer.PENDING, FamilyAnswer.PENDING);
    private Cancellable deadline = () -> { };
    private Cancellable grace = () -> { };

    /**
     * @param partly told at most once, when one family has addresses and the other is late
     * @param done told once, unless the look-up is cancelled
     */
    Lookup(Asking asking, List<Name> candidates, Consumer<Outcome> partly, Consumer<Outcome> done) {
        this.asking = asking;
        this.candidates = candidates;
        this.partly = partly;
        this.done = done;
        this.ipv4 = query(Type.A);
        this.ipv6 = query(Type.AAAA);
    }

    private FamilyQuery query(int type) {
        return new FamilyQuery(asking, candidates.get(candidate), type, answer -> answered(type, answer));
    }

    void begin() {
        deadline = asking.timers().after(asking.timeout(), this::expire);
        ipv4.begin();
        ipv6.begin();
    }

    private void answered(int type, FamilyAnswer answer) {
        outcome = type == Type.A ? new Outcome(answer, outcome.ipv6()) : new Outcome(outcome.ipv4(), answer);
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
        outcome = new Outcome(FamilyAnswer.PENDING, FamilyAnswer.PENDING);
        ipv4 = query(Type.A);
        ipv6 = query(Type.AAAA);
        ipv4.begin();
        ipv6.begin();
    }

    private void expire() {
        // The first of them may be what settles everything.
        FamilyQuery last = ipv6;
        ipv4.expire();
        last.expire();
    }

    /** Asks no more and tells nothing. */
    void cancel() {
        deadline.cancel();
        grace.cancel();
        ipv4.cancel();
        ipv6.cancel();
    }
}
