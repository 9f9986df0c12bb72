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
    private Optional<FamilyAnswers> failed = Optional.empty();
    private Optional<FamilyAnswers> first = Optional.empty();
    private Optional<FamilyAnswers> withoutRecords = Optional.empty();
    private Duration least = Duration.ofSeconds(Integer.MAX_VALUE);

    /** @param asWrittenFirst whether the first is the name as it was written, whose answer is the reason if there is nothing */
    Passed(boolean asWrittenFirst) {
        this.asWrittenFirst = asWrittenFirst;
    }

    void add(FamilyAnswers result) {
        if (first.isEmpty()) {
            first = Optional.of(result);
        }
        if (failed.isEmpty() && result.failed()) {
            failed = Optional.of(result);
        } else if (withoutRecords.isEmpty() && !result.noSuchName()) {
            withoutRecords = Optional.of(result);
        }
        Duration holds = result.failed() ? Duration.ZERO : result.ttl(FamilyAnswer.Kind.NONE);
        least = holds.compareTo(least) < 0 ? holds : least;
    }

    /** What was found after them. */
    FamilyAnswers found(FamilyAnswers result) {
        return first.isEmpty() ? result : result.within(least);
    }

    /** What the last of them came to, when it was added and nothing was found: that somebody failed, or why there is nothing. */
    FamilyAnswers nothing(FamilyAnswers last) {
        return failed.or(() -> asWrittenFirst ? first : Optional.empty()).or(() -> withoutRecords).orElse(last).within(least);
    }
}
