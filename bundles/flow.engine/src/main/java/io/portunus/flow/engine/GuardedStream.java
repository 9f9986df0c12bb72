// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.Stream;
import java.nio.ByteBuffer;

/**
 * A stream of a transport as the handler of a flow sees it. Each of its events is a turn of the flow on the loop. Confined to its loop.
 */
final class GuardedStream extends WatchedStream {
    private final Stream socket;
    private final StreamedFlow flow;
    private final LoopTurn turn;
    /** Whether anything was read of it. */
    private boolean heard;
    /** Whether it ended or was reset while nothing had been. */
    private boolean left;

    GuardedStream(Stream socket, StreamedFlow flow, LoopTurn turn) {
        super(socket, flow);
        this.socket = socket;
        this.flow = flow;
        this.turn = turn;
    }

    @Override
    public void readable(Stream itself) {
        boolean mine = turn.begin(flow);
        try {
            super.readable(itself);
        } finally {
            if (mine) {
                turn.end();
            }
        }
    }

    @Override
    public void writable(Stream itself) {
        boolean mine = turn.begin(flow);
        try {
            super.writable(itself);
        } finally {
            if (mine) {
                turn.end();
            }
        }
    }

    @Override
    public int read(ByteBuffer to) {
        int read = socket.read(to);
        if (!heard && read != 0) {
            heard = read > 0;
            left = read < 0;
        }
        return read;
    }

    @Override
    public int write(ByteBuffer from) {
        return socket.write(from);
    }

    /** Whether whoever is at its other end left before it had sent anything. */
    boolean leftInSilence() {
        return left && !heard;
    }
}
