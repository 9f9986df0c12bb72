// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * How much two lists begin and end with in common; an element counts once. Immutable.
 *
 * @param begin how many elements both begin with
 * @param end how many of the rest both end with
 */
record Overlap(int begin, int end) {
    /** Compares two lists. */
    static <T> Overlap of(List<T> first, List<T> second, BiPredicate<T, T> same) {
        int most = Math.min(first.size(), second.size());
        int begin = 0;
        while (begin < most && same.test(first.get(begin), second.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < most - begin && same.test(first.get(first.size() - 1 - end), second.get(second.size() - 1 - end))) {
            end++;
        }
        return new Overlap(begin, end);
    }

    /** What is left in between. */
    <T> List<T> between(List<T> list) {
        return list.subList(begin, list.size() - end);
    }
}
