// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Stands in while no bundle resolves names: each look-up fails at once, in the caller. Thread-safe: it has no state. */
final class NoNames implements NameService {
    /** Reason of a look-up that nobody could do. */
    static final String REASON = "no_resolver";
    static final NoNames INSTANCE = new NoNames();

    private static final NameAnswer ANSWER = new NameAnswer(List.of(), List.of(), Instant.EPOCH, false, "",
        Optional.of(NameAnswer.Problem.OTHER));

    private NoNames() {
    }

    /** Why a look-up failed, as surfaces show it. */
    static String reason(NameAnswer answer) {
        if (answer.equals(ANSWER)) {
            return REASON;
        }
        return answer.problem().orElse(NameAnswer.Problem.NODATA).code();
    }

    /** Whether a failure is one of the name, and not of this node. */
    static boolean counts(NameAnswer answer) {
        return !answer.equals(ANSWER) && !answer.problem().equals(Optional.of(NameAnswer.Problem.OVERLOADED));
    }

    @Override
    public Cancellable resolve(String name, Executor on, Consumer<NameAnswer> answer) {
        answer.accept(ANSWER);
        return () -> { };
    }

    @Override
    public Optional<NameAnswer> known(String name) {
        return Optional.of(ANSWER);
    }

    @Override
    public void keep(Set<String> names) {
        // Nobody looks them up.
    }
}
