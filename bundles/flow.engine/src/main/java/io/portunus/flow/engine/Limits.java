// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

/**
 * Ceilings of the data path.
 *
 * @param maxConnections flows open at once
 * @param maxPeeks connections of one listener that wait for their hello at once
 * @param bufferBytes what all flows may hold of their peers' bytes
 */
record Limits(long maxConnections, int maxPeeks, long bufferBytes) {
    /** Of all connections, those that no single rule may have while there are others. */
    private static final int KEPT_FREE = 10;

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
}
