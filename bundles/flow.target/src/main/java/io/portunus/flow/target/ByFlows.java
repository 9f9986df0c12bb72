// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.HealthPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * What the connections of flows show of a target. Immutable.
 *
 * @param down whether it has failed by them
 * @param failedAt while it has not: the failures that count, in nanoseconds, the oldest first; fewer than the policy's
 * @param successes while it has: connections made in a row
 * @param trial while it has: when one may try
 */
record ByFlows(boolean down, List<Long> failedAt, int successes, Trial trial) {
    static final ByFlows UP = new ByFlows(false, List.of(), 0, Trial.NONE);

    static ByFlows down(Trial trial) {
        return new ByFlows(true, List.of(), 0, trial);
    }

    ByFlows failed(HealthPolicy policy, long now, boolean wasTrial) {
        if (down) {
            return down(wasTrial ? trial.failed(policy, now) : trial);
        }
        long window = policy.window().toNanos();
        List<Long> recent = new ArrayList<>(failedAt.size() + 1);
        for (Long at : failedAt) {
            if (now - at <= window) {
                recent.add(at);
            }
        }
        recent.add(now);
        return recent.size() >= policy.failures() ? down(Trial.first(policy, now)) : new ByFlows(false, List.copyOf(recent), 0, Trial.NONE);
    }

    /** A connection was made: it ends a row of failures, as it does in Portunus, so that a busy target is not failed by rare ones. */
    ByFlows made(HealthPolicy policy, long now, boolean wasTrial) {
        if (!down || successes + 1 >= policy.successes()) {
            return UP;
        }
        return new ByFlows(true, List.of(), successes + 1, wasTrial ? trial.again(now) : trial);
    }

    ByFlows with(Trial other) {
        return new ByFlows(down, failedAt, successes, other);
    }
}
