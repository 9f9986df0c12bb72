// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the configuration sets, and the limits that follow from it and from what the process has. Immutable but for what it has logged
 * already; asked by one thread at a time.
 */
final class Ceilings {
    /** Below so many descriptors an appliance is full at about two thousand connections. */
    private static final long WANTED_DESCRIPTORS = 4096;
    /** Part of the heap that buffers may take unless the configuration sets another number. */
    private static final int BUFFERS_OF_HEAP = 8;
    private static final Logger LOG = LoggerFactory.getLogger(Ceilings.class);

    private final long maxConnections;
    private final int maxPeeks;
    private final long bufferBytes;
    private final Means means;
    private boolean reported;

    /**
     * What is configured.
     *
     * @param maxConnections 0: as many as the process can hold
     * @param bufferBytes 0: an eighth of the heap
     */
    Ceilings(long maxConnections, int maxPeeks, long bufferBytes, Means means) {
        this.maxConnections = maxConnections;
        this.maxPeeks = maxPeeks;
        this.bufferBytes = bufferBytes > 0 ? Math.min(bufferBytes, means.heapBytes() / 2) : means.heapBytes() / BUFFERS_OF_HEAP;
        this.means = means;
    }

    /** The limits beside listeners that have so many descriptors. */
    Limits beside(long listening) {
        long most = means.connections(bufferBytes, listening);
        return new Limits(maxConnections > 0 ? Math.min(maxConnections, most) : most, maxPeeks, bufferBytes);
    }

    /** Logs it, once, if that is fewer than somebody may expect. */
    void report(Limits limits, long listening) {
        if (reported) {
            return;
        }
        reported = true;
        if (limits.maxConnections() < maxConnections) {
            LOG.atWarn().addKeyValue("event", "flow.ceiling_lowered").addKeyValue("wanted", maxConnections)
                .addKeyValue("ceiling", limits.maxConnections()).log("limits.max_connections is " + maxConnections + ", and "
                    + limits.maxConnections() + " is what fits: the process is short of " + means.shortOf(bufferBytes, listening));
        } else if (means.limit() < WANTED_DESCRIPTORS && limits.maxConnections() != maxConnections) {
            LOG.atWarn().addKeyValue("event", "standalone.rlimit_nofile_low").addKeyValue("limit", means.limit())
                .addKeyValue("ceiling", limits.maxConnections()).log("the process may open " + means.limit() + " files, so that "
                    + limits.maxConnections() + " connections fit; it is short of " + means.shortOf(bufferBytes, listening));
        }
    }
}
