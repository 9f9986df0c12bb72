// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of a set of rules that a source gave. Immutable.
 *
 * @param refused why nothing was changed by it; empty if the set was taken
 * @param answers for each rule of a set that was taken and is not simply in force and working, in the order of the set, each reason; a rule that is
 *     not here is in force
 */
public record Publication(List<Problem> refused, List<Answer> answers) {
    /** The set was taken, and every rule of it works. */
    public static final Publication WELL = new Publication(List.of(), List.of());

    /** Why a rule is not simply in force. */
    public enum Why {
        /** A rule of another source is in its way; it waits. */
        CONFLICT,
        /** A listener of it could not be bound; it is tried again. */
        UNBOUND,
        /** Nobody recognises what it requires; it takes nothing. */
        UNRECOGNISED
    }

    /**
     * One reason of one rule.
     *
     * @param rule name of the rule
     * @param why what kind of reason
     * @param problem the same as a sentence
     * @param listener that could not be bound, if that is the reason
     */
    public record Answer(String rule, Why why, Problem problem, Optional<ListenKey> listener) {
    }

    /** Copies the lists. */
    public Publication {
        refused = List.copyOf(refused);
        answers = List.copyOf(answers);
    }

    /** Refused for these reasons. */
    public static Publication refused(List<Problem> problems) {
        return new Publication(problems, List.of());
    }

    /** Whether the set was taken. */
    public boolean taken() {
        return refused.isEmpty();
    }

    /** Every problem, each once; a listener that several rules share has one. */
    public List<Problem> problems() {
        return Stream.concat(refused.stream(), answers.stream().map(Answer::problem)).distinct().toList();
    }
}
