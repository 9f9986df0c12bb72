// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Spelling {
    /** Most single-letter edits between a word and its suggestion. */
    public static final int MAX_EDITS = 2;

    private Spelling() {
    }

    /** The nearest of the words, if it is near enough. */
    public static Optional<String> nearest(String typed, Collection<String> words) {
        // Whoever writes all of a word in capitals means the word.
        String written = typed.toLowerCase(Locale.ROOT);
        return words.stream()
            .filter(w -> Math.abs(w.length() - written.length()) <= MAX_EDITS && w.length() > MAX_EDITS)
            .filter(w -> edits(written, w) <= MAX_EDITS)
            .min(Comparator.comparingInt(w -> edits(written, w)));
    }

    /** Levenshtein distance. */
    static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
