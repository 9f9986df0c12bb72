// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives each selector of targets what is in force: the table to the one that serves, an empty one to the others; and asks the one that serves
 * for surfaces. Each call has a thread and a deadline: a selector that does not come back keeps no publish and no surface for longer.
 * Thread-safe; of the tables one is given at a time, so that none receives an older one last.
 */
final class Selectors {
    private static final String PART = "selector of targets, ";
    /** Longest that a publish waits for a selector to take the rules. */
    private static final Duration APPLY = Duration.ofSeconds(5);

    private final GuardedCalls calls;
    private final Map<Provider, Notices> notices = new HashMap<>();

    Selectors(GuardedCalls calls) {
        this.calls = calls;
    }

    synchronized void announce(Serving serving, ForwardingTable table) {
        Map<Provider, ForwardingTable> due = new HashMap<>();
        serving.all(Role.SELECTOR).forEach(p -> due.put(p, ForwardingTable.EMPTY));
        serving.of(Post.TARGETS).ifPresent(p -> due.put(p, table));
        notices.keySet().retainAll(due.keySet());
        due.forEach((provider, its) -> notices.computeIfAbsent(provider, Notices::new).give(its));
    }

    /**
     * Asks a selector.
     *
     * @param otherwise what the surface gets if it fails, or takes too long
     */
    <T> T ask(Provider selector, Function<TargetSelector, T> question, T otherwise) {
        return calls.call(selector, PART + "questions", GuardedCalls.ASK, () -> question.apply(selector.as(TargetSelector.class)), otherwise);
    }

    /** What one selector is given. {@link #give} is called under the lock of all. */
    private final class Notices {
        private final Provider selector;
        /** What was given last; empty before the first. Volatile: the thread that gives it looks whether another has come meanwhile. */
        private volatile Optional<ForwardingTable> latest = Optional.empty();
        /** Guarded by this: whether a thread gives it, and looks at the latest afterwards. */
        private boolean underWay;

        Notices(Provider selector) {
            this.selector = selector;
        }

        /** Waits until it is taken, unless an earlier one has not been yet; then the thread that gives that one gives this one, too. */
        void give(ForwardingTable table) {
            Optional<ForwardingTable> newer = Optional.of(table);
            if (latest.equals(newer)) {
                return;
            }
            latest = newer;
            if (begins()) {
                calls.call(selector, PART + "rules", APPLY, this::apply, false);
            }
        }

        /** Whether nobody gives anything now. One that was to, and never began because too many calls hang, stands in nobody's way. */
        private synchronized boolean begins() {
            return !underWay;
        }

        private boolean apply() {
            Optional<ForwardingTable> given = Optional.empty();
            while (goesOn(given)) {
                given = latest;
                boolean taken = false;
                try {
                    selector.as(TargetSelector.class).applied(given.orElseThrow());
                    taken = true;
                } finally {
                    if (!taken) {
                        goesOn(latest);
                    }
                }
            }
            return true;
        }

        /** Whether another has come after the one that was given; if not, the next begins anew. */
        private synchronized boolean goesOn(Optional<ForwardingTable> given) {
            underWay = !given.equals(latest);
            return underWay;
        }
    }
}
