// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Probe;

/**
 * What probes show of a target. Immutable.
 *
 * @param down whether it has failed by them
 * @param run good answers in a row, or bad ones as a negative number, at most {@value #MAX_RUN}
 */
record ByProbe(boolean down, int run) {
    static final ByProbe UP = new ByProbe(false, 0);
    private static final int MAX_RUN = 1_000_000;

    ByProbe answered(Probe probe, boolean good) {
        int row = good ? Math.min(Math.max(run, 0) + 1, MAX_RUN) : Math.max(Math.min(run, 0) - 1, -MAX_RUN);
        if (row >= probe.rise()) {
            return new ByProbe(false, row);
        }
        return new ByProbe(down || -row >= probe.fall(), row);
    }

    /** Begins to count again. */
    ByProbe afresh() {
        return new ByProbe(down, 0);
    }
}
