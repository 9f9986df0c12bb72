// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.LogFiles;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Access records on their way out. Each loop writes its records down as the lines they will be, into a ring of its own, and wakes nobody; a
 * thread carries the lines away a few times a second. Thread-safe; {@link #take} takes no lock, never waits, and makes nothing.
 */
final class AccessLog implements FlowRecordSink, LogFiles, AutoCloseable {
    /** Bytes of a ring: about two thousand records, a fifth of a second of a loop that ends 10,000 connections in each. */
    static final int RING_BYTES = 1024 * 1024;
    /** Most rings, of which each loop has one; records of threads beyond are dropped. */
    static final int MAX_RINGS = 256;
    /** Longest wait for what is left when the log is closed. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final int ringBytes;
    private final LongAdder dropped = new LongAdder();
    /** At most {@link #MAX_RINGS}; the writer removes those whose thread has ended. */
    private final Map<Thread, RecordRing> rings = new ConcurrentHashMap<>();
    private final AccessWriter writer;
    private final AccessTurns turns;
    /** How records are written, if they are. Volatile: a reload replaces it. */
    private volatile Optional<RecordForm> form = Optional.empty();
    /** Volatile: set by the thread that closes. */
    private volatile boolean closed;
    /** Volatile: ended by the thread that lets the writer begin. */
    private volatile boolean waiting = true;

    private AccessLog(int ringBytes) {
        this.ringBytes = ringBytes;
        this.writer = new AccessWriter(rings.values(), ringBytes, dropped);
        this.turns = new AccessTurns("access-writer", () -> !waiting && writer.write(),
            () -> waiting || rings.values().stream().allMatch(RecordRing::isEmpty),
            () -> writer.output(Optional.empty()));
    }

    /** Starts the writer; there is nothing to write until it is configured how and where. */
    static AccessLog start(int ringBytes) {
        AccessLog log = waiting(ringBytes);
        log.begin();
        return log;
    }

    /** The same, and what is taken stays in the rings until it {@link #begin begins} to write: somebody else writes there as yet. */
    static AccessLog waiting(int ringBytes) {
        AccessLog log = new AccessLog(ringBytes);
        log.turns.start();
        return log;
    }

    /** Writes what was taken, and what will be. */
    void begin() {
        waiting = false;
        turns.hurry();
    }

    /** Writes records from now on, of this form to this output. */
    void write(RecordForm newer, AccessOutput output) {
        turns.execute(() -> writer.output(Optional.of(output)));
        form = Optional.of(newer);
    }

    /** Writes none from now on. */
    void off() {
        form = Optional.empty();
        turns.execute(() -> writer.output(Optional.empty()));
    }

    @Override
    public void take(FlowRecord flow) {
        Optional<RecordForm> wanted = form;
        if (wanted.isEmpty()) {
            return;
        }
        RecordRing ring = rings.get(Thread.currentThread());
        if (ring == null) {
            ring = ring();
        }
        if (ring == null || closed || !added(ring, flow, wanted.get())) {
            dropped.increment();
        }
    }

    private boolean added(RecordRing ring, FlowRecord flow, RecordForm wanted) {
        wanted.write(flow, ring.line());
        boolean added = ring.add();
        turns.wake();
        if (ring.fills()) {
            turns.hurry();
        }
        return added;
    }

    /** The first record of this thread. */
    private @Nullable RecordRing ring() {
        if (rings.size() >= MAX_RINGS) {
            return null;
        }
        RecordRing ring = new RecordRing(ringBytes);
        rings.put(Thread.currentThread(), ring);
        return ring;
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void reopen() {
        turns.execute(writer::reopen);
    }

    /** Takes nothing more, and waits a moment until what was taken is written. */
    @Override
    public void close() {
        closed = true;
        turns.close(CLOSE_WAIT);
    }
}
