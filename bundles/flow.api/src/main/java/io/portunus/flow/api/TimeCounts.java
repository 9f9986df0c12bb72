// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.List;

/**
 * How long things took since the process started.
 *
 * @param bounds upper bounds of the buckets in seconds, rising; one more bucket without a bound follows
 * @param counts how many fell into each bucket, one more than there are bounds; not cumulative
 * @param seconds sum of all
 */
public record TimeCounts(List<Double> bounds, List<Long> counts, double seconds) {
    /** Copies the lists. */
    public TimeCounts {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
    }
}
