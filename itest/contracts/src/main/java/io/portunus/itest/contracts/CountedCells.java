// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Cells as the engine gives them to all versions of a policy, which know who holds them. One that nobody holds is forgotten at once if it was
 * let go with no time to keep it, else kept for good. Thread-safe.
 */
final class CountedCells implements SharedCells {
    private final Map<CellKey, AtomicLongArray> cells = new ConcurrentHashMap<>();
    private final Map<CellKey, AtomicInteger> holders = new ConcurrentHashMap<>();

    @Override
    public synchronized SharedCell hold(CellKey key) {
        AtomicLongArray values = cells.computeIfAbsent(key, fresh -> new AtomicLongArray(VALUES));
        holders.computeIfAbsent(key, fresh -> new AtomicInteger()).incrementAndGet();
        AtomicBoolean released = new AtomicBoolean();
        return new SharedCell() {
            @Override
            public AtomicLongArray values() {
                return values;
            }

            @Override
            public void release(Duration keep) {
                if (released.compareAndSet(false, true)) {
                    letGo(key, keep);
                }
            }
        };
    }

    private synchronized void letGo(CellKey key, Duration keep) {
        AtomicInteger left = holders.get(key);
        if (left != null && left.decrementAndGet() == 0) {
            holders.remove(key);
            if (keep.isZero()) {
                cells.remove(key);
            }
        }
    }

    /** How often cells are held. */
    synchronized int held() {
        return holders.values().stream().mapToInt(AtomicInteger::get).sum();
    }
}
