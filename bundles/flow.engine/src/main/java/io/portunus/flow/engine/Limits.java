// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;

/**
 * Ceilings of the data path.
 *
 * @param maxConnections flows open at once
 * @param maxPeeks connections of one listener that wait for their prelude at once
 * @param bufferBytes what all flows may hold of their peers' bytes
 */
record Limits(long maxConnections, int maxPeeks, long bufferBytes) {
    /** Connections are refused because there are too many. */
    static final ProblemCode CONNECTIONS_FULL = new ProblemCode("connections_full",
        "The node, or one of its rules, has as many connections as it may have, and refuses more.");
    /** Of all connections, those that no single rule may have while there are others. */
    private static final int KEPT_FREE = 10;
    private static final String MORE = "raise limits.max_connections, or what it follows: descriptors (ulimit -n) and heap";

    /** What the flows of one rule may be while other rules forward. */
    long ofOneRule() {
        return Math.max(1, maxConnections - Math.max(1, maxConnections / KEPT_FREE));
    }

    /** What the flows of one listener may hold. */
    long listenerBytes() {
        return bufferBytes - bufferBytes / 4;
    }

    /** What the flows of one source may hold. */
    long sourceBytes() {
        return bufferBytes / 2;
    }

    /** The node has as many connections as it may have. */
    Problem reached() {
        return Problem.of(CONNECTIONS_FULL, "limits.max_connections",
            "the node has all " + maxConnections + " connections that it may have, and refuses more; " + MORE);
    }

    /** A rule has as many as it may have. */
    Problem reachedBy(Rule rule) {
        return Problem.of(CONNECTIONS_FULL, "rule " + rule.name(), "the rule has " + ofOneRule() + " of the node's " + maxConnections
            + " connections, the most that one rule may have; see who has them (flows), end them, or " + MORE);
    }
}
