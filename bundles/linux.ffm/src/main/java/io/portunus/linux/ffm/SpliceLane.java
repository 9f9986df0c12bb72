// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BulkLane;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes from socket to pipe to socket by splice(2). It has a pipe for as long as it holds bytes, and none while it waits for some.
 * Confined to the loop of its sockets.
 */
final class SpliceLane implements BulkLane {
    private static final int FLAGS = PipeLibc.SPLICE_F_MOVE | PipeLibc.SPLICE_F_NONBLOCK;
    /** Signals in a row that may interrupt a call; then it is left to the next event. */
    private static final int MAX_INTERRUPTS = 8;

    private final IntSupplier source;
    private final IntSupplier sink;
    private final Pipes pipes;
    private final IntConsumer refused;
    private @Nullable Pipe pipe;
    private int held;
    private boolean taken;
    private boolean closed;

    /**
     * Makes a lane that holds nothing.
     *
     * @param source descriptor of the source, negative once it is closed; asked before each call, because the number may be another's then
     * @param sink the same of the sink
     * @param refused called with the errno of a call that the system does not do for sockets like these
     */
    SpliceLane(IntSupplier source, IntSupplier sink, Pipes pipes, IntConsumer refused) {
        this.source = source;
        this.sink = sink;
        this.pipes = pipes;
        this.refused = refused;
    }

    @Override
    public int take(int atMost) {
        int from = source.getAsInt();
        if (closed || from < 0) {
            return RESET;
        }
        Pipe into = pipe == null ? pipes.lease() : pipe;
        if (into == null) {
            return UNSUPPORTED;
        }
        int room = Math.min(atMost, into.capacity() - held);
        if (room <= 0) {
            return 0;
        }
        long moved = splice(from, into.writeEnd(), room);
        if (moved > 0) {
            pipe = into;
            held += (int) moved;
            taken = true;
            return (int) moved;
        }
        if (pipe == null) {
            pipes.giveBack(into);
        }
        return moved == 0 ? END : notTaken((int) -moved);
    }

    private int notTaken(int errno) {
        return switch (errno) {
            // The pipe's slots may all be in use, by small packets, although it holds less than its bytes.
            case PipeLibc.EAGAIN, PipeLibc.EINTR -> 0;
            case PipeLibc.EINVAL, PipeLibc.ENOSYS, PipeLibc.EPERM, PipeLibc.EOPNOTSUPP, PipeLibc.ENOMEM -> {
                if (!taken && errno != PipeLibc.ENOMEM) {
                    refused.accept(errno);
                }
                // What it holds has to be given first, so that the caller may copy behind it.
                yield held > 0 ? 0 : UNSUPPORTED;
            }
            default -> RESET;
        };
    }

    @Override
    public int give() {
        Pipe from = pipe;
        int to = sink.getAsInt();
        if (closed || to < 0) {
            return RESET;
        }
        if (from == null) {
            return 0;
        }
        int given = 0;
        long moved;
        do {
            moved = splice(from.readEnd(), to, held);
            if (moved < 0 && moved != -PipeLibc.EAGAIN && moved != -PipeLibc.EINTR) {
                return RESET;
            }
            held -= (int) Math.max(moved, 0);
            given += (int) Math.max(moved, 0);
            // A call that moves some and fails then returns what it moved only, and the socket's error is gone: another one knows of it.
        } while (moved > 0 && held > 0);
        if (held == 0) {
            pipe = null;
            pipes.giveBack(from);
        }
        return given;
    }

    /** What splice(2) answers, and the errno negated for -1: it is gone with the next call. */
    private long splice(int from, int to, int length) {
        PipeLibc libc = pipes.libc();
        for (int i = 0; i < MAX_INTERRUPTS; i++) {
            long moved = libc.splice(from, to, length, FLAGS);
            if (moved >= 0) {
                return moved;
            }
            int errno = libc.errno();
            if (errno != PipeLibc.EINTR) {
                return -errno;
            }
        }
        return -PipeLibc.EINTR;
    }

    @Override
    public int held() {
        return held;
    }

    @Override
    public void close() {
        closed = true;
        Pipe dirty = pipe;
        if (dirty != null) {
            pipe = null;
            held = 0;
            pipes.discard(dirty);
        }
    }
}
