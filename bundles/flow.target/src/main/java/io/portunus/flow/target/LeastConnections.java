// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

/** The target with the fewest flows for its weight; equal ones take turns by weight. Thread-safe. */
final class LeastConnections implements Picker {
    private final SmoothWeighted turns;

    LeastConnections(int places) {
        turns = new SmoothWeighted(places);
    }

    @Override
    public int pick(long candidates, Field field) {
        long equal = 0;
        long leastLoad = 0;
        long leastWeight = 1;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int place = Long.numberOfTrailingZeros(rest);
            long load = field.load(place);
            long weight = field.weight(place);
            // load / weight against the least so far, without the division.
            int order = equal == 0 ? -1 : Long.compare(load * leastWeight, leastLoad * weight);
            if (order < 0) {
                equal = 0;
                leastLoad = load;
                leastWeight = weight;
            }
            if (order <= 0) {
                equal |= 1L << place;
            }
        }
        return Long.bitCount(equal) == 1 ? Long.numberOfTrailingZeros(equal) : turns.pick(equal, field);
    }
}
