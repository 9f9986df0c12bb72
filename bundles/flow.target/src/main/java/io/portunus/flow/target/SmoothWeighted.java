// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * One after the other by weight, the heavy ones spread out: nginx's smooth weighted round robin. Each candidate gains its weight, the one
 * with the most is picked and pays what all gained; 5:1:1 gives aabacaa. Thread-safe: a pick replaces the array of credits as a whole.
 */
final class SmoothWeighted implements Picker {
    /** Credits by place. Their sum stays zero, so none grows beyond the sum of all weights. */
    private volatile long[] credits;
    private static final AtomicReferenceFieldUpdater<SmoothWeighted, long[]> CREDITS =
        AtomicReferenceFieldUpdater.newUpdater(SmoothWeighted.class, long[].class, "credits");

    SmoothWeighted(int places) {
        credits = new long[places];
    }

    @Override
    public int pick(long candidates, Field field) {
        while (true) {
            long[] before = credits;
            long[] after = before.clone();
            int best = -1;
            long gained = 0;
            for (long rest = candidates; rest != 0; rest &= rest - 1) {
                int place = Long.numberOfTrailingZeros(rest);
                int weight = field.weight(place);
                gained += weight;
                after[place] += weight;
                if (best < 0 || after[place] > after[best]) {
                    best = place;
                }
            }
            after[best] -= gained;
            if (CREDITS.compareAndSet(this, before, after)) {
                return best;
            }
        }
    }
}
