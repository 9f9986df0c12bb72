// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import io.portunus.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Empties a bucket by a clock of its own, and looks whether a second brings what the rate is. Takes microseconds. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class LimitsSelfCheck implements SelfCheck {
    private static final int RATE = 1000;

    /** Needs nothing and has no configuration. */
    @Activate
    public LimitsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        long[] now = {0};
        Bucket bucket = new Bucket(new OwnCell(), () -> now[0]);
        bucket.set(new Limits.Pace(RATE, RATE));
        int first = bucket.take(2 * RATE, 1);
        int none = bucket.take(1, 1);
        now[0] += Duration.ofSeconds(1).toNanos();
        int second = bucket.take(2 * RATE, 1);
        return first == RATE && none == 0 && second == RATE ? List.of()
            : List.of(Problem.of(SelfCheck.FAILED, "bucket", "a bucket of 1000 tokens a second gave " + first + ", " + none + " and " + second));
    }

    /** A cell of nobody else. */
    private static final class OwnCell implements SharedCell {
        private final AtomicLongArray values = new AtomicLongArray(SharedCells.VALUES);

        @Override
        public AtomicLongArray values() {
            return values;
        }

        @Override
        public void release(Duration keep) {
            // Nobody keeps it.
        }
    }
}
