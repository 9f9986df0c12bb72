// SPDX-License-Identifier: Apache-2.0
package com.example.cap;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Draws on a bucket whose time it makes. */
@Component
public final class CapSelfCheck implements SelfCheck {
    private static final long MILLI = 1_000_000;

    /** Needs nothing. */
    @Activate
    public CapSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        long[] now = {Long.MAX_VALUE - MILLI};
        List<Problem> problems = new ArrayList<>();
        Bucket bucket = new Bucket(1_000_000, 100_000, () -> now[0]);
        expect(bucket.take(150_000), 100_000, "full", problems);
        expect(bucket.take(1), 0, "empty", problems);
        expect((int) bucket.untilSome(1_000_000), 20 * (int) MILLI + 1, "waiting", problems);
        // Here the system's clock, which may be anything, goes on below zero.
        now[0] += 10 * MILLI;
        expect(bucket.take(1_000_000), 0, "nearly empty", problems);
        expect(bucket.take(4_000), 4_000, "asked for little", problems);
        bucket.giveBack(3_000);
        now[0] += 11 * MILLI;
        expect(bucket.take(1_000_000), 20_000, "given back to", problems);
        now[0] += 1_000_000 * MILLI;
        expect(bucket.take(1_000_000), 100_000, "left alone", problems);
        Bucket fast = new Bucket(Bucket.MAX_BYTES_PER_SECOND, 10_000_000_000L, () -> now[0]);
        now[0] += 60_000_000_000_000L * 60;
        expect(fast.take(1 << 20), 1 << 20, "far above the rate", problems);
        return problems;
    }

    private static void expect(int found, int wanted, String which, List<Problem> problems) {
        if (found != wanted) {
            problems.add(Problem.of(SelfCheck.FAILED, "", "a bucket that is " + which + " answers " + found + ", not " + wanted));
        }
    }
}
