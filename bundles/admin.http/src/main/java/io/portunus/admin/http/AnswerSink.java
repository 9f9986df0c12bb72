// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;

/** Notifies the seat of a connection when its peer takes bytes, and sends what Undertow is not to know of. Confined to who writes. */
final class AnswerSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final Seat seat;
    private boolean ended;

    AnswerSink(StreamSinkConduit next, Seat seat) {
        super(next);
        this.seat = seat;
    }

    /** Sends a last answer while no other is on the way; one that the socket has no room for is cut. */
    void end(byte[] answer) throws IOException {
        ended = true;
        next.write(ByteBuffer.wrap(answer));
        next.terminateWrites();
        next.flush();
    }

    /** Undertow would close at once, and a peer that still sends would lose the answer. */
    @Override
    public boolean isWriteShutdown() {
        return !ended && super.isWriteShutdown();
    }

    private <N extends Number> N reported(N count) {
        if (count.longValue() > 0) {
            seat.moved();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return reported(super.write(from));
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return reported(super.write(from, offset, length));
    }

    @Override
    public int writeFinal(ByteBuffer from) throws IOException {
        return reported(super.writeFinal(from));
    }

    @Override
    public long writeFinal(ByteBuffer[] from, int offset, int length) throws IOException {
        return reported(super.writeFinal(from, offset, length));
    }

    @Override
    public long transferFrom(FileChannel from, long position, long count) throws IOException {
        return reported(super.transferFrom(from, position, count));
    }

    @Override
    public long transferFrom(StreamSourceChannel from, long count, ByteBuffer through) throws IOException {
        return reported(Conduits.transfer(from, count, through, this));
    }
}
