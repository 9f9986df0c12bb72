// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Ceilings of the data path.
 *
 * @param maxConnections flows open at once
 * @param maxPeeks connections of one listener that wait for their hello at once
 */
record Limits(long maxConnections, int maxPeeks) {
    /** Descriptors left for listeners, jars, logs and the admin surface. */
    private static final long RESERVED_DESCRIPTORS = 256;
    /** Left for the pipes of each loop's flows that are moved in bulk: 64 of two ends. */
    private static final long DESCRIPTORS_PER_LOOP = 128;
    /** Each flow holds two sockets. */
    private static final long DESCRIPTORS_PER_FLOW = 2;

    static Limits of(long maxConnections, int maxPeeks, int loops) {
        return new Limits(maxConnections > 0 ? maxConnections : fromDescriptors(loops), maxPeeks);
    }

    private static long fromDescriptors(int loops) {
        return Math.max(16, (descriptorLimit() - RESERVED_DESCRIPTORS - loops * DESCRIPTORS_PER_LOOP) / DESCRIPTORS_PER_FLOW);
    }

    /** RLIMIT_NOFILE (getrlimit(2)), or what is common where the JVM does not tell it. */
    private static long descriptorLimit() {
        try {
            Object limit = ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("java.lang:type=OperatingSystem"), "MaxFileDescriptorCount");
            return ((Number) limit).longValue();
        } catch (JMException notUnix) {
            return 4096;
        }
    }
}
