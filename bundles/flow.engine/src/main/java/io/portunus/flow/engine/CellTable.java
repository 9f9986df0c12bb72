// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * The shared cells of one kind of policy. Thread-safe, without a lock: loops hold and release cells for each flow. Cells that are held are as
 * many as flows hold; the others are {@link SharedCells#MAX_UNHELD} at most, and none once the last version of the policy has gone.
 */
final class CellTable implements SharedCells {
    /** In place of a number of holders: the cell is none any more. */
    private static final int GONE = -1;
    /** Cells without a holder that are looked at for each new one, so that the table shrinks faster than it grows. */
    private static final int SWEPT = 4;

    private final Map<CellKey, Cell> cells = new ConcurrentHashMap<>();
    private final Queue<Cell> unheld = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final LongSupplier nanos;
    /** Volatile: set when the last version goes or another comes, read whenever a cell is let go. */
    private volatile boolean abandoned;

    CellTable(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public SharedCell hold(CellKey key) {
        while (true) {
            Cell cell = cells.get(key);
            if (cell == null) {
                Cell fresh = new Cell(key);
                cell = cells.putIfAbsent(key, fresh);
                if (cell == null) {
                    sweep();
                    return new Hold(fresh);
                }
            }
            if (cell.hold()) {
                return new Hold(cell);
            }
            cells.remove(key, cell);
        }
    }

    /** Whether no version of the policy is there: then cells are forgotten with their last holder, those that nobody holds at once. */
    void abandoned(boolean nobody) {
        if (nobody == abandoned) {
            return;
        }
        abandoned = nobody;
        if (nobody) {
            for (Cell cell = unheld.poll(); cell != null; cell = unheld.poll()) {
                queued.decrementAndGet();
                cell.inQueue.set(false);
                // One that is held again meanwhile goes with its holder.
                cell.forget(true);
            }
        }
    }

    /** How many there are. */
    int size() {
        return cells.size();
    }

    /** Looks at those that were left first. */
    private void sweep() {
        for (int i = 0; i < SWEPT; i++) {
            Cell cell = unheld.poll();
            if (cell == null) {
                return;
            }
            boolean full = queued.getAndDecrement() > MAX_UNHELD;
            cell.inQueue.set(false);
            if (!cell.forget(full)) {
                enqueue(cell);
            }
        }
    }

    private void enqueue(Cell cell) {
        if (cell.holders.get() == 0 && cell.inQueue.compareAndSet(false, true)) {
            queued.incrementAndGet();
            unheld.add(cell);
        }
    }

    /** One cell and how many hold it. */
    private final class Cell {
        private final CellKey key;
        private final AtomicLongArray values = new AtomicLongArray(VALUES);
        private final AtomicInteger holders = new AtomicInteger(1);
        private final AtomicBoolean inQueue = new AtomicBoolean();
        /** Until when it is kept without a holder. */
        private final AtomicLong keptUntil = new AtomicLong(nanos.getAsLong());

        Cell(CellKey key) {
            this.key = key;
        }

        /** Whether it is held by one more; else it is none any more. */
        boolean hold() {
            while (true) {
                int now = holders.get();
                if (now == GONE || now == 0 && forget(false)) {
                    return false;
                }
                if (now >= 0 && holders.compareAndSet(now, now + 1)) {
                    return true;
                }
            }
        }

        void release(Duration keep) {
            long until = nanos.getAsLong() + keep.toNanos();
            keptUntil.accumulateAndGet(until, (one, other) -> other - one > 0 ? other : one);
            if (holders.decrementAndGet() == 0 && !forget(abandoned)) {
                enqueue(this);
                if (queued.get() > MAX_UNHELD) {
                    sweep();
                }
            }
        }

        /** Whether it is gone now, because nobody holds it and its time is over, or there is no room. */
        boolean forget(boolean anyway) {
            if ((anyway || nanos.getAsLong() - keptUntil.get() >= 0) && holders.compareAndSet(0, GONE)) {
                cells.remove(key, this);
                return true;
            }
            return holders.get() == GONE;
        }
    }

    /** A cell as one holds it. */
    private static final class Hold implements SharedCell {
        private final Cell cell;
        private final AtomicBoolean released = new AtomicBoolean();

        Hold(Cell cell) {
            this.cell = cell;
        }

        @Override
        public AtomicLongArray values() {
            return cell.values;
        }

        @Override
        public void release(Duration keep) {
            if (released.compareAndSet(false, true)) {
                cell.release(keep);
            }
        }
    }
}
