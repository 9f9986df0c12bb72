// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A listener and what became of it.
 *
 * @param key address and port
 * @param rules names of its rules
 * @param transport who carries it, {@code "xnio"}; empty while it is not bound
 * @param problem why it is not bound; empty when it is
 * @param since when it was bound, or could not be for the first time since it was
 */
public record ListenerView(ListenKey key, List<String> rules, String transport, Optional<Problem> problem, Instant since) {
    /** Copies the list. */
    public ListenerView {
        rules = List.copyOf(rules);
    }

    /** Whether connections can reach it. */
    public boolean bound() {
        return problem.isEmpty();
    }
}
