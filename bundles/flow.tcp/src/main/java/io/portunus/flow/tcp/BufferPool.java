// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for bytes that wait: a client's while it has no target, and a side's that the other one does not take. It is used again at once, as
 * a flood would otherwise fill the heap with what it has let go. Thread-safe; a buffer is taken and given back on one loop, and each loop
 * has free lists of its own, kept in this object and not in a static, so that they go when the handler's version goes.
 */
final class BufferPool {
    /** Least capacity; the others are its doubles. */
    static final int LEAST = 512;
    /** Bytes that all loops keep free at most; what is given back beyond that is garbage. */
    private static final long MOST_FREE = 8L << 20;
    /** Capacities that are kept: to 128 KiB, the double of the longest prelude. */
    private static final int SIZES = 9;

    private final Map<EventLoop, List<ArrayDeque<ByteBuffer>>> free = new ConcurrentHashMap<>();
    private final AtomicLong freeBytes = new AtomicLong();

    private static List<ArrayDeque<ByteBuffer>> lists() {
        List<ArrayDeque<ByteBuffer>> lists = new ArrayList<>(SIZES);
        for (int i = 0; i < SIZES; i++) {
            lists.add(new ArrayDeque<>());
        }
        return lists;
    }

    /** Which list has buffers of at least so many bytes. */
    private static int size(int bytes) {
        return bytes <= LEAST ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros((bytes - 1) / LEAST);
    }

    /** A cleared buffer of at least so many bytes, for the caller until {@link #give}. */
    ByteBuffer take(EventLoop loop, int bytes) {
        int size = size(bytes);
        ByteBuffer found = size < SIZES ? free.computeIfAbsent(loop, l -> lists()).get(size).poll() : null;
        if (found == null) {
            return ByteBuffer.allocate(LEAST << size);
        }
        freeBytes.addAndGet(-found.capacity());
        return found.clear();
    }

    /** Takes a buffer back that nobody looks at any more. */
    void give(EventLoop loop, ByteBuffer buffer) {
        int size = size(buffer.capacity());
        if (size < SIZES && freeBytes.get() + buffer.capacity() <= MOST_FREE) {
            freeBytes.addAndGet(buffer.capacity());
            free.computeIfAbsent(loop, l -> lists()).get(size).push(buffer);
        }
    }
}
