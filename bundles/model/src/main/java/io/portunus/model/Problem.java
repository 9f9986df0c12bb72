// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Optional;

/**
 * Something an operator can mend: code, place, and a sentence that states what is wrong and what to do. The same for TOML, HTTP and shell. Path
 * and text are for people: whoever decides by a problem looks at its code and its subject.
 *
 * @param code stable code
 * @param path the field, {@code "rule[2].listen_port"}; empty when no field is to blame
 * @param text what is wrong and what to do
 * @param position where it stands, if it was read from a file
 * @param subject what it is about, where somebody has to know
 */
public record Problem(ProblemCode code, String path, String text, Optional<Position> position, Optional<Subject> subject) {
    /**
     * A place in a text file, both counted from 1.
     *
     * @param line line
     * @param column column
     */
    public record Position(int line, int column) {
    }

    /** What a problem is about. */
    public sealed interface Subject {
        /**
         * A key of a rule.
         *
         * @param place of the rule in its set, from 0
         * @param key path of the key within the rule, {@code "targets[1]"}
         * @param target place of the target among those of the rule, from 0, where one is to blame
         */
        record OfRule(int place, String key, Optional<Integer> target) implements Subject {
        }

        /**
         * A listener.
         *
         * @param key of it
         */
        record OfListener(ListenKey key) implements Subject {
        }
    }

    /** A problem without a place in a file, about nothing that anybody has to know. */
    public static Problem of(ProblemCode code, String path, String text) {
        return new Problem(code, path, text, Optional.empty(), Optional.empty());
    }

    /** A problem of a key of the rule at a place of its set, from 0. */
    public static Problem ofRule(ProblemCode code, int place, String key, String text) {
        return of(code, text, new Subject.OfRule(place, key, Optional.empty()));
    }

    /** A problem of a target of the rule at a place of its set, both from 0. */
    public static Problem ofTarget(ProblemCode code, int place, String key, int target, String text) {
        return of(code, text, new Subject.OfRule(place, key, Optional.of(target)));
    }

    private static Problem of(ProblemCode code, String text, Subject.OfRule rule) {
        return new Problem(code, "rule[" + rule.place() + "]." + rule.key(), text, Optional.empty(), Optional.of(rule));
    }

    /** A problem of a listener. */
    public static Problem ofListener(ProblemCode code, ListenKey key, String text) {
        return new Problem(code, "listen " + key, text, Optional.empty(), Optional.of(new Subject.OfListener(key)));
    }

    /** The same problem at a place in a file. */
    public Problem at(Position place) {
        return new Problem(code, path, text, Optional.of(place), subject);
    }

    /** The same problem in other words. */
    public Problem withText(String words) {
        return new Problem(code, path, words, position, subject);
    }

    /** The key of a rule that it is about. */
    public Optional<Subject.OfRule> rule() {
        return subject.filter(Subject.OfRule.class::isInstance).map(Subject.OfRule.class::cast);
    }

    /** The listener that it is about. */
    public Optional<ListenKey> listener() {
        return subject.filter(Subject.OfListener.class::isInstance).map(its -> ((Subject.OfListener) its).key());
    }
}
