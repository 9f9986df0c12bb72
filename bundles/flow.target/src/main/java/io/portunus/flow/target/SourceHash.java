// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * By the client's address: weighted rendezvous hashing. Each target draws a number from the client's address and its own text, and the
 * highest wins; so when one leaves, only its clients move, and when one comes, it takes its share from each of the others. The same on every node and
 * after every restart: nothing but the two texts goes in. Immutable.
 */
final class SourceHash implements Picker {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final double TO_UNIT = 0x1.0p-53;

    private final long[] seeds;

    SourceHash(List<String> targets) {
        seeds = targets.stream().mapToLong(text -> hash(text.getBytes(StandardCharsets.UTF_8))).toArray();
    }

    @Override
    public int pick(long candidates, Field field) {
        if (Long.bitCount(candidates) == 1) {
            return Long.numberOfTrailingZeros(candidates);
        }
        long client = hash(field.client().getAddress());
        int best = -1;
        double highest = 0;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int place = Long.numberOfTrailingZeros(rest);
            double score = score(mixed(client ^ seeds[place]), field.weight(place));
            if (best < 0 || score > highest) {
                best = place;
                highest = score;
            }
        }
        return best;
    }

    /** Weight / -ln(u) with u drawn evenly from 0 to 1: the chance to be the highest is the weight. StrictMath is the same everywhere. */
    private static double score(long drawn, int weight) {
        double unit = ((drawn >>> 11) + 0.5) * TO_UNIT;
        return weight / -StrictMath.log(unit);
    }

    /** FNV-1a, mixed: neighbours among addresses must not be neighbours among hashes. */
    private static long hash(byte[] bytes) {
        long hash = FNV_BASIS;
        for (byte octet : bytes) {
            hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
        }
        return mixed(hash);
    }

    /** The finaliser of SplitMix64, by Stafford (variant 13): each bit in changes half of those out. */
    private static long mixed(long value) {
        long bits = value;
        bits = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
        return bits ^ bits >>> 31;
    }
}
