// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

/** What a rule moved in each of the last 60 seconds. Confined to one thread. */
final class History {
    static final int SECONDS = 60;
    private static final long MILLIS = 1000;
    private final long[] in = new long[SECONDS];
    private final long[] out = new long[SECONDS];
    /** The second of the last sample, since 1970; negative before the first. */
    private long last = -1;
    private long rateIn;
    private long rateOut;

    /**
     * Adds what was moved between two moments; each second of the time gets its share. Counters that went back are a new beginning.
     *
     * @param fromMillis the earlier moment
     * @param toMillis the later moment
     * @param inBytes bytes from clients
     * @param outBytes bytes from targets
     */
    void add(long fromMillis, long toMillis, long inBytes, long outBytes) {
        long millis = toMillis - fromMillis;
        if (millis <= 0 || inBytes < 0 || outBytes < 0) {
            rateIn = 0;
            rateOut = 0;
            return;
        }
        rateIn = Math.round((double) inBytes * MILLIS / millis);
        rateOut = Math.round((double) outBytes * MILLIS / millis);
        long to = toMillis / MILLIS;
        long from = last < 0 ? to : Math.clamp(last + 1, to - SECONDS + 1, to);
        for (long second = from; second <= to; second++) {
            in[(int) (second % SECONDS)] = rateIn;
            out[(int) (second % SECONDS)] = rateOut;
        }
        last = Math.max(to, 0);
    }

    /** Bytes a second from clients, of the last sample. */
    long rateIn() {
        return rateIn;
    }

    /** Bytes a second from targets, of the last sample. */
    long rateOut() {
        return rateOut;
    }

    /** Bytes a second from clients, the oldest second first. */
    long[] in() {
        return ordered(in);
    }

    /** Bytes a second from targets, the oldest second first. */
    long[] out() {
        return ordered(out);
    }

    /** Bytes a second both ways, the oldest second first. */
    long[] both() {
        long[] sums = in();
        long[] others = out();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += others[i];
        }
        return sums;
    }

    private long[] ordered(long[] ring) {
        long[] values = new long[SECONDS];
        for (int i = 0; i < SECONDS; i++) {
            values[i] = ring[(int) ((last + 1 + i) % SECONDS)];
        }
        return values;
    }
}
