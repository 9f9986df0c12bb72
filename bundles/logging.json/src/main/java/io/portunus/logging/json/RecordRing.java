// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.nio.ByteBuffer;

/**
 * Lines of one thread on their way to the writer. The thread that it belongs to adds, the writer takes; neither waits for the other and
 * nothing is made. Lines are there as a whole or not at all, in the order they were added.
 */
final class RecordRing {
    private final Thread owner = Thread.currentThread();
    private final RecordLine line = new RecordLine();
    private final ByteBuffer bytes;
    private final int capacity;
    /** Bytes ever added. Volatile: the owner publishes a whole line by it. */
    private volatile long added;
    /** Bytes ever taken. Volatile: the writer gives room by it. */
    private volatile long taken;
    /** Where the writer was when it was last notified that the ring fills; confined to the owner. */
    private long notifiedAt = -1;

    /** A ring of the calling thread; its capacity is a power of two. */
    RecordRing(int capacity) {
        this.capacity = capacity;
        this.bytes = ByteBuffer.allocateDirect(capacity);
    }

    /** The owner's line, to be written and then added. */
    RecordLine line() {
        return line;
    }

    /** Adds the line; whether there was room for it. */
    boolean add() {
        int length = line.length();
        long at = added;
        if (line.tooLong() || capacity - (at - taken) < length) {
            return false;
        }
        int from = (int) (at & capacity - 1);
        int first = Math.min(length, capacity - from);
        bytes.put(from, line.bytes(), 0, first);
        bytes.put(0, line.bytes(), first, length - first);
        added = at + length;
        return true;
    }

    /** Whether the ring has become half full, reported once until the writer has been here; asked by the owner. */
    boolean fills() {
        long reached = taken;
        if (added - reached < capacity / 2 || notifiedAt == reached) {
            return false;
        }
        notifiedAt = reached;
        return true;
    }

    /** Whether nothing is to be taken. */
    boolean isEmpty() {
        return added == taken;
    }

    /** Whether nothing will come any more, because its thread has ended. */
    boolean isAbandoned() {
        return !owner.isAlive() && isEmpty();
    }

    /** Takes all lines there are into a buffer that has room for a whole ring; called by the writer. */
    void take(ByteBuffer to) {
        long from = taken;
        int length = (int) (added - from);
        int at = (int) (from & capacity - 1);
        int first = Math.min(length, capacity - at);
        to.put(to.position(), bytes, at, first).position(to.position() + first);
        to.put(to.position(), bytes, 0, length - first).position(to.position() + length - first);
        taken = from + length;
    }
}
