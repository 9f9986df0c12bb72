// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of tables that were put in force. Immutable.
 *
 * @param refused why they are not in force; empty if they are
 * @param unbound listeners of theirs that could not be bound, while the rest serves
 * @param passive what else of them is in force and does nothing, as a rule whose protocol nobody recognises; it ends no start
 */
public record Taken(List<Problem> refused, List<Unbound> unbound, List<Problem> passive) {
    /** Everything is in force and works. */
    public static final Taken WELL = new Taken(List.of(), List.of(), List.of());

    /**
     * A listener that could not be bound.
     *
     * @param key the listener
     * @param problem why
     */
    public record Unbound(ListenKey key, Problem problem) {
    }

    /** Copies the lists. */
    public Taken {
        refused = List.copyOf(refused);
        unbound = List.copyOf(unbound);
        passive = List.copyOf(passive);
    }

    /** Refused for these reasons. */
    public static Taken refused(List<Problem> problems) {
        return new Taken(problems, List.of(), List.of());
    }

    /** Whether they are in force. */
    public boolean inForce() {
        return refused.isEmpty();
    }

    /** Every problem. */
    public List<Problem> problems() {
        return Stream.of(refused, unbound.stream().map(Unbound::problem).toList(), passive).flatMap(List::stream).toList();
    }
}
