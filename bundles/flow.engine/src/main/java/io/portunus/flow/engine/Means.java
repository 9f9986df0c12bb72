// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the process has to hold connections with.
 *
 * @param limit descriptors that it may open (RLIMIT_NOFILE of getrlimit(2))
 * @param taken descriptors that it has open for itself, without connections and listeners
 * @param heapBytes the largest heap
 * @param loops event loops
 */
record Means(long limit, long taken, long heapBytes, int loops) {
    /** Kept for the node itself: configuration, logs, look-ups, probes, admin surface; of few descriptors half, but never less than the second. */
    private static final long KEPT_DESCRIPTORS = 64;
    private static final long LEAST_KEPT = 12;
    /** A pipe of each loop for so many descriptors, 64 pipes at most; {@code linux.ffm} opens no more. */
    private static final long DESCRIPTORS_A_PIPE = 64;
    private static final long MOST_PIPES = 64;
    /** Each flow holds two sockets, each pipe has two ends. */
    private static final long PAIR = 2;
    /** What bundles and tables take of the heap, about. */
    private static final long HEAP_FOR_THE_NODE = 32L << 20;
    /** What a flow takes of the heap at most while nothing of it is buffered: both sockets, its entry and its record. */
    private static final long HEAP_PER_FLOW = 5 << 10;
    private static final long COMMON_DESCRIPTORS = 4096;

    /** Looks at this process, which has no connections yet. */
    static Means ofThisProcess() {
        return new Means(attribute("MaxFileDescriptorCount", COMMON_DESCRIPTORS), attribute("OpenFileDescriptorCount", 0),
            Runtime.getRuntime().maxMemory(), Runtime.getRuntime().availableProcessors());
    }

    private static long attribute(String name, long otherwise) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            return ((Number) server.getAttribute(new ObjectName("java.lang:type=OperatingSystem"), name)).longValue();
        } catch (JMException notUnix) {
            return otherwise;
        }
    }

    /** How many connections it can hold beside so many bytes of buffers and so many descriptors of listeners: one at least. */
    long connections(long buffers, long listening) {
        return Math.max(1, Math.min(byDescriptors(listening), byMemory(buffers)));
    }

    /** What there is less of. */
    String shortOf(long buffers, long listening) {
        return byDescriptors(listening) <= byMemory(buffers)
            ? "descriptors: raise the limit with 'ulimit -n 65536' before the start, or LimitNOFILE=65536 in the systemd unit"
            : "memory: raise -Xmx in PORTUNUS_JAVA_OPTS";
    }

    private long byDescriptors(long listening) {
        long free = limit - taken - listening;
        long kept = Math.max(LEAST_KEPT, Math.min(KEPT_DESCRIPTORS, free / 2));
        long pipes = loops * PAIR * Math.clamp(limit / DESCRIPTORS_A_PIPE, 1, MOST_PIPES);
        return (free - kept - pipes) / PAIR;
    }

    private long byMemory(long buffers) {
        return (heapBytes - HEAP_FOR_THE_NODE - buffers) / HEAP_PER_FLOW;
    }
}
