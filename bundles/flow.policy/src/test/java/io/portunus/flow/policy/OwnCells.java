// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.policy;

import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** Cells that are kept for ever. Thread-safe. */
final class OwnCells implements SharedCells {
    private final Map<CellKey, AtomicLongArray> cells = new ConcurrentHashMap<>();

    @Override
    public SharedCell hold(CellKey key) {
        AtomicLongArray its = cells.computeIfAbsent(key, any -> new AtomicLongArray(VALUES));
        return new SharedCell() {
            @Override
            public AtomicLongArray values() {
                return its;
            }

            @Override
            public void release(Duration keep) {
                // It is kept.
            }
        };
    }
}
