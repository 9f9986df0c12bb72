// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

/**
 * How many of some flows something was seen of, and what may be concluded from it of all flows: bounds between which the true share lies
 * (Wilson's score interval), wide where few flows were seen. Immutable.
 *
 * @param hits flows it was seen of
 * @param all flows that were looked at
 */
record Share(long hits, long all) {
    /**
     * Standard deviations: each bound is wrong for one of a thousand samples. Two versions that do alike are found to differ less often than that, as
     * both bounds have to be wrong at once, and {@link #TOLERANCE} comes on top.
     */
    static final double CONFIDENCE = 3.09;
    /** Fewer flows prove nothing: six probes of a port scanner, say, and a few flows beside them. */
    static final long LEAST = 20;
    /** How much larger a share may be: so many of a hundred flows may be one scanner, or one target that has gone. */
    static final double TOLERANCE = 0.20;

    Share {
        hits = Math.clamp(hits, 0, Math.max(all, 0));
        all = Math.max(all, 0);
    }

    /** Whether enough flows were looked at. */
    boolean proves() {
        return all >= LEAST;
    }

    /** No smaller than this is the true share. */
    double least() {
        return bound(-1);
    }

    /** No larger than this is the true share. */
    double most() {
        return bound(1);
    }

    private double bound(int side) {
        if (all == 0) {
            return side < 0 ? 0 : 1;
        }
        double square = CONFIDENCE * CONFIDENCE;
        double seen = (double) hits / all;
        double middle = seen + square / (2 * all);
        double reach = CONFIDENCE * Math.sqrt(seen * (1 - seen) / all + square / (4.0 * all * all));
        return (middle + side * reach) / (1 + square / all);
    }

    /** Whether it is beyond doubt larger than another, and by more than flows differ anyway. */
    boolean exceeds(Share usual) {
        return exceeds(usual.most());
    }

    /** The same for a share that is known. */
    boolean exceeds(double usual) {
        return proves() && least() > usual + TOLERANCE;
    }

    /** In words: {@code "97 %"}. */
    String percent() {
        return Math.round(all == 0 ? 0 : 100.0 * hits / all) + " %";
    }
}
