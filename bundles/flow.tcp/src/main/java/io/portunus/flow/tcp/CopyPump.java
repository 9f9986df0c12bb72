// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one direction through the loop's scratch buffer. What the sink does not take waits in a spill buffer, and nothing is
 * read until it is gone: at most one read's worth of bytes waits. Confined to the flow's loop. Reads allocate nothing.
 */
final class CopyPump {
    /** Size of a read while too much is spilled, or right after the sink was full. */
    static final int SMALL_READ = 8 * 1024;
    /** Reads in one event; then other flows of the loop have their turn. */
    private static final int MAX_READS = 16;

    /** What a step came to. */
    enum Step {
        /** Wait for the next event, as {@link #wantsRead} and {@link #wantsWrite} say. */
        WAIT,
        /** The source ended, all was delivered, and FIN was passed on. */
        DONE,
        /** The source was reset; what it sent before was delivered. */
        SOURCE_RESET,
        /** The sink was reset. */
        SINK_RESET
    }

    private final Stream source;
    private final Stream sink;
    private final SpillBuffers spills;
    private final IntConsumer moved;
    private int readLimit = 2 * SMALL_READ;
    private @Nullable ByteBuffer spill;
    private int spilledBytes;
    private boolean sourceEnded;
    private boolean done;

    /**
     * Makes a pump that has nothing to say yet.
     *
     * @param moved told how many bytes the sink took
     */
    CopyPump(Stream source, Stream sink, SpillBuffers spills, IntConsumer moved) {
        this.source = source;
        this.sink = sink;
        this.spills = spills;
        this.moved = moved;
    }

    /**
     * Delivers bytes that were read from the source before the pump was there.
     *
     * @param ended whether the source ended behind them; it is not read any more
     */
    Step replay(ByteBuffer bytes, boolean ended) {
        sourceEnded = ended;
        if (deliver(bytes) == Step.SINK_RESET) {
            return Step.SINK_RESET;
        }
        return ended && spill == null ? finish() : Step.WAIT;
    }

    boolean wantsRead() {
        return !done && !sourceEnded && spill == null;
    }

    boolean wantsWrite() {
        return !done && spill != null;
    }

    boolean done() {
        return done;
    }

    /** The source may have something. */
    Step readable() {
        for (int i = 0; i < MAX_READS && wantsRead(); i++) {
            ByteBuffer buffer = source.loop().scratch();
            buffer.limit(spills.exhausted() ? SMALL_READ : readLimit);
            int read = source.read(buffer);
            if (read == 0) {
                return Step.WAIT;
            }
            if (read == Stream.RESET) {
                return Step.SOURCE_RESET;
            }
            if (read == Stream.END) {
                return finish();
            }
            boolean full = !buffer.hasRemaining();
            if (deliver(buffer.flip()) == Step.SINK_RESET) {
                return Step.SINK_RESET;
            }
            readLimit = spill != null ? SMALL_READ : full ? Math.min(readLimit * 2, EventLoop.SCRATCH_BYTES) : readLimit;
        }
        return Step.WAIT;
    }

    /** The sink may take something. */
    Step writable() {
        ByteBuffer waiting = spill;
        if (waiting == null) {
            return Step.WAIT;
        }
        if (!write(waiting)) {
            return Step.SINK_RESET;
        }
        if (waiting.hasRemaining()) {
            return Step.WAIT;
        }
        release();
        return sourceEnded ? finish() : readable();
    }

    private Step finish() {
        sourceEnded = true;
        done = true;
        sink.endOutput();
        return Step.DONE;
    }

    private Step deliver(ByteBuffer bytes) {
        if (!write(bytes)) {
            return Step.SINK_RESET;
        }
        if (bytes.hasRemaining()) {
            spilledBytes = bytes.remaining();
            spill = spills.spill(source.loop(), bytes);
        }
        return Step.WAIT;
    }

    private boolean write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int written = sink.write(bytes);
            if (written == Stream.RESET) {
                return false;
            }
            if (written == 0) {
                return true;
            }
            moved.accept(written);
        }
        return true;
    }

    /** Gives its buffer back. */
    void release() {
        ByteBuffer waiting = spill;
        if (waiting != null) {
            spills.release(source.loop(), waiting, spilledBytes);
            spill = null;
        }
    }
}
