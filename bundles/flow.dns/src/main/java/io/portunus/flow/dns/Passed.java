// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.time.Duration;
import java.util.Optional;

/**
 * What the names of a search list came to that were passed over for the next. Whatever is found or not found behind them holds for no longer
 * than they do, as one of them may come to be. Confined to the thread of the resolver.
 */
final class Passed {
    private final boolean asWrittenFirst;
    private Optional<Outcome> failed = Optional.empty();
    private Optional<Outcome> first = Optional.empty();
    private Optional<Outcome> withoutRecords = Optional.empty();
    private Duration least = Duration.ofSeconds(Integer.MAX_VALUE);

    /** @param asWrittenFirst whether the first is the name as it was written, whose answer says why there is nothing */
    Passed(boolean asWrittenFirst) {
        this.asWrittenFirst = asWrittenFirst;
    }

    void add(Outcome outcome) {
        if (first.isEmpty()) {
            first = Optional.of(outcome);
        }
        if (failed.isEmpty() && outcome.failed()) {
            failed = Optional.of(outcome);
        } else if (withoutRecords.isEmpty() && !outcome.noSuchName()) {
            withoutRecords = Optional.of(outcome);
        }
        Duration holds = outcome.failed() ? Duration.ZERO : outcome.ttl(FamilyAnswer.Kind.NONE);
        least = holds.compareTo(least) < 0 ? holds : least;
    }

    /** What was found after them. */
    Outcome found(Outcome outcome) {
        return first.isEmpty() ? outcome : outcome.within(least);
    }

    /** What the last of them came to, when it was added and nothing was found: that somebody failed, or why there is nothing. */
    Outcome nothing(Outcome last) {
        return failed.or(() -> asWrittenFirst ? first : Optional.empty()).or(() -> withoutRecords).orElse(last).within(least);
    }
}
