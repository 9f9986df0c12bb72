// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where bytes wait that were read and that the other side does not take yet. Thread-safe; each loop has a free list of its own, kept in
 * this object and not in a static, so that it goes when the handler's version goes.
 */
final class SpillBuffers {
    /** Above this much spilled, pumps read in {@link Pump#SMALL_READ} steps, so that many stalled peers cannot exhaust the heap. */
    private static final long BUDGET_BYTES = 32L * 1024 * 1024;
    /** Pooled buffers a loop. */
    private static final int MAX_POOLED = 64;

    private final Map<EventLoop, ArrayDeque<ByteBuffer>> free = new ConcurrentHashMap<>();
    private final AtomicLong spilled = new AtomicLong();

    boolean exhausted() {
        return spilled.get() > BUDGET_BYTES;
    }

    /** Copies the rest of a buffer; the copy belongs to the caller until {@link #release}. Called on the loop. */
    ByteBuffer spill(EventLoop loop, ByteBuffer rest) {
        spilled.addAndGet(rest.remaining());
        ByteBuffer pooled = free.computeIfAbsent(loop, l -> new ArrayDeque<>()).poll();
        if (pooled == null || pooled.capacity() < rest.remaining()) {
            pooled = ByteBuffer.allocate(rest.remaining());
        }
        return pooled.clear().put(rest).flip();
    }

    /** Takes a buffer back, on its loop. */
    void release(EventLoop loop, ByteBuffer spill, int spilledBytes) {
        spilled.addAndGet(-spilledBytes);
        ArrayDeque<ByteBuffer> pool = free.computeIfAbsent(loop, l -> new ArrayDeque<>());
        if (spill.capacity() >= Pump.SMALL_READ && pool.size() < MAX_POOLED) {
            pool.push(spill);
        }
    }
}
