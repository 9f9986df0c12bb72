// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.model.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may be typed after a command's name.
 *
 * @param usage the whole command in one line
 * @param valued options that take a value, {@code "-p"}
 * @param flags options that take none
 * @param maxWords most words that are no options
 */
record Syntax(String usage, Set<String> valued, Set<String> flags, int maxWords) {
    Syntax {
        valued = Set.copyOf(valued);
        flags = Set.copyOf(flags);
    }

    /** A syntax without options. */
    static Syntax words(String usage, int maxWords) {
        return new Syntax(usage, Set.of(), Set.of(), maxWords);
    }

    /** Reads the arguments; refuses what the syntax does not have. */
    Typed parse(String... args) {
        Map<String, String> values = new HashMap<>();
        Set<String> given = new HashSet<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            // Gogo hands the bare word null over as the null reference.
            String arg = String.valueOf(args[i]);
            if (valued.contains(arg)) {
                if (++i == args.length) {
                    throw refuse("the option " + arg + " needs a value");
                }
                if (values.put(arg, String.valueOf(args[i])) != null) {
                    throw refuse("the option " + arg + " is given twice");
                }
            } else if (flags.contains(arg)) {
                given.add(arg);
            } else if (arg.startsWith("-")) {
                throw refuse("there is no option " + Printable.escape(arg));
            } else {
                words.add(arg);
            }
        }
        if (words.size() > maxWords) {
            throw refuse("'" + Printable.escape(words.get(maxWords)) + "' is one word too many");
        }
        return new Typed(this, values, given, words);
    }

    /** A refusal that states the usage. */
    CommandRefused refuse(String sentence) {
        return new CommandRefused(sentence + "; usage: " + usage);
    }

    /**
     * What was typed.
     *
     * @param syntax by which it was read
     * @param values values of options
     * @param flags options without a value
     * @param words the rest, in order
     */
    record Typed(Syntax syntax, Map<String, String> values, Set<String> flags, List<String> words) {
        Typed {
            values = Map.copyOf(values);
            flags = Set.copyOf(flags);
            words = List.copyOf(words);
        }

        /** Value of an option. */
        Optional<String> value(String option) {
            return Optional.ofNullable(values.get(option));
        }

        /** The only word. */
        String only(String question) {
            if (words.size() != 1) {
                throw syntax.refuse(question);
            }
            return words.getFirst();
        }

        /** Value of an option that is a time: {@code "30s"}, {@code "5m"}, {@code "2h"}. */
        Optional<Duration> duration(String option) {
            return value(option).map(text -> Durations.parse(text).orElseThrow(() ->
                syntax.refuse("'" + Printable.escape(text) + "' after " + option + " is no time such as 30s, 5m or 2h")));
        }

        /** Value of an option that is a whole number within bounds. */
        Optional<Integer> number(String option, int least, int most) {
            return value(option).map(text -> {
                boolean digits = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
                if (!digits || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                    throw syntax.refuse("'" + Printable.escape(text) + "' after " + option + " is no whole number from " + least + " to " + most);
                }
                return Integer.valueOf(text);
            });
        }
    }
}
