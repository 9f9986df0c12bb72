// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one direction: copies small, and takes a lane for bulk.
 *
 * <p>It begins by copying through the loop's scratch buffer. What the sink does not take waits in a spill buffer, and nothing is read until
 * it is gone: at most one read's worth of bytes waits. A direction that proves to be bulk asks for a lane; while it has one, bytes go from
 * source to lane to sink, and nothing is taken while the lane holds any. When little comes at a time, it lets the lane go and copies again.
 * It changes from one way to the other only with empty hands, so bytes never overtake each other.
 *
 * <p>Confined to the flow's loop. Moving bytes allocates nothing. As a {@link Runnable} it is what its budget runs when there is some again.
 */
final class Pump implements Runnable {
    /** Size of a read right after the sink was full. */
    static final int SMALL_READ = 8 * 1024;
    /** Size of a read that nothing is to be left of: a socket that is writable takes so many (tcp_poll: a third of its buffer is free). */
    static final int CAREFUL_READ = 2 * 1024;
    /** Full reads in a row that make a direction bulk. */
    static final int BULK_BYTES = 128 * 1024;
    /** A read from which on a sink that is full makes it bulk as well. */
    private static final int LARGE_READ = 32 * 1024;
    /** Less than this between two waits for the source, and a copy is cheaper than a lane. */
    static final int QUIET_BYTES = 16 * 1024;
    /** Reads in one event; then other flows of the loop have their turn. */
    private static final int MAX_READS = 16;
    /** Bytes by lane in one event; then the same. */
    static final int MAX_BULK = 4 * 1024 * 1024;
    /** Bytes taken into a lane at once. */
    private static final int MAX_TAKE = 1024 * 1024;

    /** What a step came to. */
    enum Step {
        /** Wait for the next event, as {@link #readInterest} and {@link #writeInterest} state. */
        WAIT,
        /** The source ended, all was delivered, and FIN was passed on. */
        DONE,
        /** The source was reset; what it sent before was delivered. */
        SOURCE_RESET,
        /** The sink was reset. */
        SINK_RESET
    }

    /** Whom a pump works for. */
    interface Owner {
        /** The sink took bytes. */
        void moved(Pump pump, int bytes);

        /** Whether more may be read than the sink is known to take. */
        boolean maySpill();

        /** It holds so many bytes more, or fewer, that the sink does not take. */
        void spilled(int more);

        /** Its budget may have something again: as after an event, {@link #readable} is to be called. */
        void mayGoOn(Pump pump);
    }

    /**
     * What the pumps of a handler share.
     *
     * @param buffers where bytes wait
     * @param lanes where lanes come from
     */
    record Supplies(BufferPool buffers, Lanes lanes) {
    }

    /** Where lanes come from. */
    @FunctionalInterface
    interface Lanes {
        /** A lane, if there is one to be had now. */
        Optional<BulkLane> open(Stream source, Stream sink);
    }

    private final Stream source;
    private final Stream sink;
    private final Supplies supplies;
    private final Supplier<Budget> budget;
    private final Owner owner;
    private int readLimit = 2 * SMALL_READ;
    private @Nullable ByteBuffer spill;
    /** Copying: bytes of full reads in a row. By lane: bytes since the source was last empty. */
    private int run;
    private @Nullable BulkLane lane;
    /** The most that this lane has taken at once: as much as it holds, or nearly. */
    private int largestTake;
    private boolean throttled;
    /** Nothing may be left of the next read, so it waits until the sink is writable. */
    private boolean careful;
    private boolean sinkTakes;
    private boolean sourceEnded;
    /** All was delivered, and a layer of the sink has some of it. */
    private boolean flushing;
    /** Whether the source was reset while it was written to: the system has returned its error by then, and answers an end to who reads. */
    private boolean sourceBroken;
    private boolean done;

    /**
     * Makes a pump that has moved nothing yet.
     *
     * @param budget asked before each move for what it may take then
     */
    Pump(Stream source, Stream sink, Supplies supplies, Supplier<Budget> budget, Owner owner) {
        this.source = source;
        this.sink = sink;
        this.supplies = supplies;
        this.budget = budget;
        this.owner = owner;
    }

    /**
     * Delivers bytes that were read from the source before the pump was there. The budget is not asked for them; what comes behind pays for them.
     *
     * @param ended whether the source ended behind them; it is not read any more
     */
    Step replay(ByteBuffer bytes, boolean ended) {
        sourceEnded = ended;
        if (bytes.hasRemaining()) {
            budget.get().spend(bytes.remaining());
        }
        if (deliver(bytes) == Step.SINK_RESET) {
            return Step.SINK_RESET;
        }
        return ended && spill == null ? finish() : Step.WAIT;
    }

    boolean readInterest() {
        return !done && !sourceEnded && !throttled && !careful && !waiting();
    }

    boolean writeInterest() {
        return !done && (waiting() || careful || flushing);
    }

    /** Whether bytes were read that the sink has not taken. */
    private boolean waiting() {
        BulkLane open = lane;
        return spill != null || open != null && open.held() > 0;
    }

    boolean done() {
        return done;
    }

    /** The source may have something. */
    Step readable() {
        BulkLane open = lane;
        return open == null ? copy() : bulk(open);
    }

    /** The sink may take something. */
    Step writable() {
        BulkLane open = lane;
        if (flushing) {
            return flush();
        }
        if (careful) {
            careful = false;
            sinkTakes = true;
            return readable();
        }
        return open == null ? unspill() : bulk(open);
    }

    /** The budget may have something. */
    @Override
    public void run() {
        if (throttled) {
            throttled = false;
            owner.mayGoOn(this);
        }
    }

    /**
     * Delivers what the source sent before it was reset. There is no time to wait for a budget: when that has nothing, one read passes it by,
     * as what was read before the beginning does. They have no end: who wrote has been answered that the connection was reset, maybe past
     * the stream.
     */
    void lastWords() {
        sourceBroken = true;
        if (!throttled) {
            careful = false;
            sinkTakes = true;
            readable();
        }
        if (throttled) {
            // So nothing waits, neither in a spill buffer nor in the lane.
            leaveLane();
            ByteBuffer buffer = source.loop().scratch();
            if (source.read(buffer) > 0) {
                deliver(buffer.flip());
            }
        }
    }

    private int grant(int wanted) {
        int granted = budget.get().grant(wanted, this);
        throttled = granted == 0;
        return granted;
    }

    private void giveBack(int granted, int used) {
        if (used < granted) {
            budget.get().giveBack(granted - Math.max(used, 0));
        }
    }

    private Step ended() {
        return sourceBroken ? Step.SOURCE_RESET : finish();
    }

    private Step finish() {
        sourceEnded = true;
        leaveLane();
        sink.endOutput();
        return flush();
    }

    /** It is done once the system has everything. */
    private Step flush() {
        flushing = sink.unsent() > 0;
        done = !flushing;
        return done ? Step.DONE : Step.WAIT;
    }

    /** Gives back what it has; what waits is lost. */
    void release() {
        throttled = false;
        releaseSpill();
        leaveLane();
    }

    // COPY: through the scratch buffer.

    private Step copy() {
        for (int i = 0; i < MAX_READS && readInterest(); i++) {
            boolean free = owner.maySpill();
            careful = !free && !sinkTakes;
            sinkTakes = false;
            int granted = careful ? 0 : grant(free ? readLimit : CAREFUL_READ);
            if (granted == 0) {
                return Step.WAIT;
            }
            ByteBuffer buffer = source.loop().scratch().limit(granted);
            int read = source.read(buffer);
            giveBack(granted, read);
            if (read <= 0) {
                run = 0;
                return read == 0 ? Step.WAIT : read == Stream.END ? ended() : Step.SOURCE_RESET;
            }
            if (deliver(buffer.flip()) == Step.SINK_RESET) {
                return Step.SINK_RESET;
            }
            learn(read, read == granted);
            if (run >= BULK_BYTES && spill == null && enterLane()) {
                return readable();
            }
        }
        return Step.WAIT;
    }

    private void learn(int read, boolean full) {
        run = full ? run + read : 0;
        if (spill != null) {
            readLimit = SMALL_READ;
            run = read >= LARGE_READ ? BULK_BYTES : run;
        } else if (full) {
            readLimit = Math.min(readLimit * 2, EventLoop.SCRATCH_BYTES);
        }
    }

    private Step unspill() {
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
        releaseSpill();
        if (sourceEnded) {
            return finish();
        }
        if (run >= BULK_BYTES) {
            enterLane();
        }
        return readable();
    }

    private Step deliver(ByteBuffer bytes) {
        if (!write(bytes)) {
            return Step.SINK_RESET;
        }
        if (bytes.hasRemaining()) {
            ByteBuffer copy = supplies.buffers().take(source.loop(), bytes.remaining()).put(bytes).flip();
            spill = copy;
            owner.spilled(copy.capacity());
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
            owner.moved(this, written);
        }
        return true;
    }

    private void releaseSpill() {
        ByteBuffer waiting = spill;
        if (waiting != null) {
            supplies.buffers().give(source.loop(), waiting);
            spill = null;
            owner.spilled(-waiting.capacity());
        }
    }

    // LANE: past the process.

    /** Asks for a lane; without one it is asked again after as many full reads. */
    private boolean enterLane() {
        run = 0;
        lane = supplies.lanes().open(source, sink).orElse(null);
        return lane != null;
    }

    private void leaveLane() {
        BulkLane open = lane;
        if (open != null) {
            lane = null;
            largestTake = 0;
            run = 0;
            readLimit = 2 * SMALL_READ;
            open.close();
        }
    }

    private Step bulk(BulkLane open) {
        boolean emptied = false;
        for (int left = MAX_BULK; left > 0 || open.held() > 0;) {
            int held = open.held();
            if (held > 0) {
                int given = open.give();
                if (given == BulkLane.RESET) {
                    return Step.SINK_RESET;
                }
                left -= given;
                run = Math.min(run + given, MAX_BULK);
                if (given > 0) {
                    owner.moved(this, given);
                }
                if (given < held) {
                    return Step.WAIT;
                }
                if (emptied && run >= QUIET_BYTES) {
                    // To look again now would bring little; after a round there is more.
                    run = 0;
                    return Step.WAIT;
                }
            } else {
                int granted = throttled ? 0 : grant(Math.min(left, MAX_TAKE));
                int taken = granted == 0 ? 0 : open.take(granted);
                giveBack(granted, taken);
                if (taken <= 0) {
                    return granted == 0 ? Step.WAIT : nothingTaken(taken);
                }
                emptied = taken < Math.min(granted, largestTake);
                largestTake = Math.max(largestTake, taken);
            }
        }
        return Step.WAIT;
    }

    /** The lane is empty: everything that was taken has been given. */
    private Step nothingTaken(int answer) {
        return switch (answer) {
            case BulkLane.END -> ended();
            case BulkLane.RESET -> Step.SOURCE_RESET;
            case BulkLane.UNSUPPORTED -> {
                // What the source has is announced again; here, lanes that never work could be asked for without end.
                leaveLane();
                yield Step.WAIT;
            }
            default -> {
                if (run < QUIET_BYTES) {
                    leaveLane();
                }
                run = 0;
                yield Step.WAIT;
            }
        };
    }
}
