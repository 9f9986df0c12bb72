// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowTimes;
import java.util.List;

/** How long the flows of the node take, counted when each ends. Thread-safe. */
final class FlowTimers {
    /** From a target of the same machine to the last attempt of a slow one. */
    private static final List<Double> CONNECT = List.of(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1d, 2.5, 5d, 10d, 30d);
    /** From a refusal to a day. */
    private static final List<Double> LIFE = List.of(.01, .1, 1d, 10d, 60d, 300d, 1_800d, 3_600d, 14_400d, 86_400d);

    private final TimeCounter connect = new TimeCounter(CONNECT);
    private final TimeCounter life = new TimeCounter(LIFE);

    void connected(long tookNanos) {
        connect.add(tookNanos);
    }

    void ended(long totalNanos) {
        life.add(totalNanos);
    }

    FlowTimes times() {
        return new FlowTimes(connect.counts(), life.counts());
    }
}
