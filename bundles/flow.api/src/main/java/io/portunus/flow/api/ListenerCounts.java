// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.List;

/**
 * Counters of one listener that routes by name.
 *
 * @param port its port
 * @param misses preludes that no route took
 * @param parseFailures preludes that were late, broken, or no TLS at all
 * @param capacityRejections connections refused because too many waited for their prelude
 * @param peeking connections that wait for their prelude now
 * @param peekBuckets peeks that took at most {@link #BUCKET_SECONDS}, cumulative, the last being all of them
 * @param peekSecondsSum seconds spent in all peeks
 */
public record ListenerCounts(int port, long misses, long parseFailures, long capacityRejections, long peeking, List<Long> peekBuckets,
        double peekSecondsSum) {
    /** Upper bounds of the buckets in seconds; one more bucket without a bound follows. */
    public static final List<Double> BUCKET_SECONDS =
        List.of(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1d, 2d, 3d);

    /** Copies the list. */
    public ListenerCounts {
        peekBuckets = List.copyOf(peekBuckets);
    }
}
