// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Of two targets drawn by weight the one with fewer flows for its weight. Thread-safe: it has no state. */
final class RandomTwo implements Picker {
    private final Supplier<RandomGenerator> chance;

    RandomTwo(Supplier<RandomGenerator> chance) {
        this.chance = chance;
    }

    @Override
    public int pick(long candidates, Field field) {
        if (Long.bitCount(candidates) == 1) {
            return Long.numberOfTrailingZeros(candidates);
        }
        int one = drawn(candidates, field);
        int other = drawn(candidates & ~(1L << one), field);
        long loadOfOne = (long) field.load(one) * field.weight(other);
        long loadOfOther = (long) field.load(other) * field.weight(one);
        return loadOfOther < loadOfOne ? other : one;
    }

    private int drawn(long candidates, Field field) {
        int all = 0;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            all += field.weight(Long.numberOfTrailingZeros(rest));
        }
        int left = chance.get().nextInt(all);
        long rest = candidates;
        // A weight may change between the two loops; the last candidate then takes what is left.
        while (Long.bitCount(rest) > 1) {
            int place = Long.numberOfTrailingZeros(rest);
            left -= field.weight(place);
            if (left < 0) {
                return place;
            }
            rest &= rest - 1;
        }
        return Long.numberOfTrailingZeros(rest);
    }
}
