// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a target came to be what it is. Immutable.
 *
 * @param reason why, a code; empty when nothing has happened yet
 * @param since since when
 * @param backNanos when it came back, if it did
 * @param history changes, the newest first, at most {@value TargetView#MAX_HISTORY}
 */
record Standing(String reason, Instant since, OptionalLong backNanos, List<Change> history) {
    /** What a target that came back gets of its share at first. */
    static final int LEAST_PERCENT = 10;

    static Standing fresh(Instant since) {
        return new Standing("", since, OptionalLong.empty(), List.of());
    }

    Standing turned(boolean healthy, String why, Timestamp now) {
        List<Change> all = new ArrayList<>(history.size() + 1);
        all.add(new Change(now.at(), healthy, why));
        all.addAll(history.subList(0, Math.min(history.size(), TargetView.MAX_HISTORY - 1)));
        return new Standing(why, now.at(), healthy ? OptionalLong.of(now.nanos()) : OptionalLong.empty(), List.copyOf(all));
    }

    /** It was drained and is no more: it begins slowly too. */
    Standing back(long now) {
        return new Standing(reason, since, OptionalLong.of(now), history);
    }

    /** Its share now, in percent: it grows from {@value #LEAST_PERCENT} to 100 over the slow start. */
    int percent(long now, Duration slowStart) {
        long whole = slowStart.toNanos();
        if (whole == 0 || backNanos.isEmpty()) {
            return 100;
        }
        long passed = now - backNanos.getAsLong();
        return passed >= whole ? 100 : LEAST_PERCENT + (int) ((100 - LEAST_PERCENT) * Math.max(passed, 0) / whole);
    }
}
