// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Gives Undertow whole heads that {@link RequestHead} has checked, each followed by as many bytes as its body has. What is unfit it answers
 * itself, in the one form of all problems, and then takes no more. A request that is not whole holds a seat and its bytes, nothing else.
 * Confined to who reads, which is one thread at a time.
 */
final class HeadGuard extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** What is thrown away of a peer that still sends to a connection that was refused, so that it sees the answer. */
    private static final long MAX_DISCARDED = 1 << 20;
    /** Longest wait for the end of a peer that was refused. */
    private static final int LINGER_MILLIS = 1_000;
    private static final int READ_BYTES = 4 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StreamConnection connection;
    private final AnswerSink sink;
    private final Seat seat;
    private RequestHead head = new RequestHead();
    /** Read from the socket, and not looked at yet. */
    private ByteBuffer ahead = NOTHING;
    /** A head that was checked, on its way to Undertow. */
    private ByteBuffer fit = NOTHING;
    private long bodyBytes;
    private boolean ended;
    private boolean refused;
    private long discarded;
    private XnioExecutor.Key alarm = () -> true;

    private HeadGuard(StreamConnection connection, AnswerSink sink, Seat seat) {
        super(connection.getSourceChannel().getConduit());
        this.connection = connection;
        this.sink = sink;
        this.seat = seat;
    }

    /** Stands between the socket and who will read requests from the connection. */
    static void guard(StreamConnection connection, Seat seat) {
        AnswerSink sink = new AnswerSink(connection.getSinkChannel().getConduit(), seat);
        HeadGuard guard = new HeadGuard(connection, sink, seat);
        seat.look(guard::arrived);
        connection.getSourceChannel().setConduit(guard);
        connection.getSinkChannel().setConduit(sink);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (refused) {
            return discard();
        }
        if (!fit.hasRemaining() && bodyBytes == 0 && !awaitHead()) {
            return ended ? -1 : 0;
        }
        return fit.hasRemaining() ? move(fit, into, Integer.MAX_VALUE) : readBody(into);
    }

    private int readBody(ByteBuffer into) throws IOException {
        int most = (int) Math.min(into.remaining(), bodyBytes);
        int count;
        if (ahead.hasRemaining()) {
            count = move(ahead, into, most);
        } else {
            ByteBuffer some = into.slice(into.position(), most);
            count = next.read(some);
            into.position(into.position() + Math.max(0, count));
        }
        bodyBytes -= Math.max(0, count);
        return count;
    }

    private static int move(ByteBuffer from, ByteBuffer into, int most) {
        int count = Math.min(Math.min(from.remaining(), into.remaining()), most);
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
        return count;
    }

    /** Whether a fit head is there now. */
    private boolean awaitHead() throws IOException {
        try {
            while (!head.whole()) {
                if (!ahead.hasRemaining() && !readAhead()) {
                    return false;
                }
                boolean first = !head.begun();
                head.take(ahead);
                if (first) {
                    limit(AdminServer.PARSE_MILLIS, this::late);
                }
            }
            bodyBytes = head.check();
        } catch (RefusedException unfit) {
            refuse(unfit);
            return false;
        }
        alarm.remove();
        fit = head.bytes();
        head = new RequestHead();
        seat.enter(Seat.Phase.WORKING);
        return true;
    }

    private boolean readAhead() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(READ_BYTES);
        int count = next.read(some);
        ended = count < 0;
        ahead = some.flip();
        return count > 0;
    }

    private void limit(int millis, Runnable then) {
        alarm.remove();
        alarm = getReadThread().executeAfter(then, millis, TimeUnit.MILLISECONDS);
    }

    private void late() {
        if (connection.isOpen()) {
            refuse(new RefusedException(408, "request_timeout", "", "The head of the request did not come within "
                + AdminServer.PARSE_MILLIS / 1000 + " s."));
        }
    }

    private void refuse(RefusedException unfit) {
        refused = true;
        ahead = NOTHING;
        head = new RequestHead();
        limit(LINGER_MILLIS, () -> IoUtils.safeClose(connection));
        try {
            sink.end(Problems.raw(unfit));
        } catch (IOException gone) {
            IoUtils.safeClose(connection);
        }
    }

    private int discard() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(READ_BYTES);
        int count = next.read(some);
        discarded += Math.max(0, count);
        return count < 0 || discarded > MAX_DISCARDED ? -1 : 0;
    }

    /**
     * Whether a request has come that nobody looked at yet, asked before the connection is cut for being without one. On the I/O thread.
     */
    private boolean arrived() {
        if (fit.hasRemaining()) {
            return true;
        }
        if (refused || bodyBytes > 0) {
            return false;
        }
        try {
            boolean there = awaitHead();
            if (there) {
                wakeupReads();
            }
            return there;
        } catch (IOException gone) {
            return false;
        }
    }

    /** What waits here is not seen by the selector. */
    @Override
    public void resumeReads() {
        if (fit.hasRemaining() || ahead.hasRemaining()) {
            super.wakeupReads();
        } else {
            super.resumeReads();
        }
    }

    @Override
    public void awaitReadable() throws IOException {
        if (!fit.hasRemaining() && !ahead.hasRemaining()) {
            super.awaitReadable();
        }
    }

    @Override
    public void awaitReadable(long time, TimeUnit unit) throws IOException {
        if (!fit.hasRemaining() && !ahead.hasRemaining()) {
            super.awaitReadable(time, unit);
        }
    }

    @Override
    public void terminateReads() throws IOException {
        alarm.remove();
        ahead = NOTHING;
        fit = NOTHING;
        super.terminateReads();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (into[i].hasRemaining()) {
                return read(into[i]);
            }
        }
        return 0;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
        return Conduits.transfer(this, count, through, target);
    }
}
