// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One TCP connection of XNIO. Confined to its loop. Whoever is notified of events is let go with the socket: XNIO may hold a closed connection
 * for a while, and a handler's version must not live that long.
 */
final class XnioStream implements Stream {
    private static final Logger LOG = LoggerFactory.getLogger(XnioStream.class);

    private static final int NOT_ASKED_YET = -2;

    private final StreamConnection connection;
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final XnioLoop loop;
    private final InetSocketAddress local;
    private final InetSocketAddress peer;
    private @Nullable StreamEvents events;
    private int descriptor = NOT_ASKED_YET;
    private boolean inputEnded;
    private boolean outputEnded;
    /** Whether a call has failed: the system reports an error once, and an end after that. */
    private boolean broken;
    private boolean closed;

    XnioStream(StreamConnection connection, XnioLoop loop) {
        this.connection = connection;
        this.source = connection.getSourceChannel();
        this.sink = connection.getSinkChannel();
        this.loop = loop;
        this.local = connection.getLocalAddress(InetSocketAddress.class);
        this.peer = connection.getPeerAddress(InetSocketAddress.class);
        ChannelListener<ConduitStreamSourceChannel> readable = c -> dispatch(true);
        ChannelListener<ConduitStreamSinkChannel> writable = c -> dispatch(false);
        source.setReadListener(readable);
        sink.setWriteListener(writable);
    }

    private void dispatch(boolean readable) {
        StreamEvents target = events;
        if (target == null) {
            return;
        }
        if (readable) {
            target.readable(this);
        } else {
            target.writable(this);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public int read(ByteBuffer to) {
        assert loop.inside();
        // Of a connection that somebody else has closed, as the end of a worker does, XNIO reports that it has ended.
        if (closed || !inputEnded && !connection.isOpen()) {
            return RESET;
        }
        try {
            int read = source.read(to);
            if (read != END) {
                return read;
            }
            inputEnded = !broken;
            return broken ? RESET : END;
        } catch (IOException reset) {
            broken = true;
            return RESET;
        }
    }

    @Override
    public int write(ByteBuffer from) {
        assert loop.inside();
        if (closed || outputEnded) {
            return RESET;
        }
        try {
            return sink.write(from);
        } catch (IOException reset) {
            // What came before a reset may still be read.
            broken = true;
            return RESET;
        }
    }

    @Override
    public void interest(boolean read, boolean write) {
        assert loop.inside();
        if (closed) {
            return;
        }
        if (read) {
            source.resumeReads();
        } else {
            source.suspendReads();
        }
        if (write) {
            sink.resumeWrites();
        } else {
            sink.suspendWrites();
        }
    }

    @Override
    public void events(StreamEvents target) {
        if (!closed) {
            events = target;
        }
    }

    @Override
    public int descriptor() {
        assert loop.inside();
        // XNIO closes a connection by itself once both directions have ended, and its number may be another socket's by then.
        if (closed || !connection.isOpen()) {
            return -1;
        }
        if (descriptor == NOT_ASKED_YET) {
            descriptor = loop.descriptors().of(connection);
        }
        return descriptor;
    }

    @Override
    public void tune(SocketTuning tuning) {
        assert loop.inside();
        if (closed) {
            return;
        }
        loop.descriptors().channel(connection).ifPresent(channel -> Keepalive.set(channel, tuning));
        try {
            if (tuning.sendBuffer() > 0) {
                connection.setOption(Options.SEND_BUFFER, tuning.sendBuffer());
            }
            if (tuning.receiveBuffer() > 0) {
                connection.setOption(Options.RECEIVE_BUFFER, tuning.receiveBuffer());
            }
        } catch (IOException gone) {
            LOG.trace("the socket is closed already", gone);
        }
    }

    @Override
    public void endOutput() {
        assert loop.inside();
        if (closed) {
            return;
        }
        outputEnded = true;
        try {
            sink.shutdownWrites();
            sink.flush();
        } catch (IOException reset) {
            // The peer has gone; the next read returns that.
            LOG.trace("FIN could not be sent", reset);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            events = null;
            IoUtils.safeClose(connection);
        }
    }

    @Override
    public void reset() {
        if (closed) {
            return;
        }
        try {
            connection.setOption(Options.CLOSE_ABORT, true);
        } catch (IOException gone) {
            LOG.trace("the socket is closed already", gone);
        }
        close();
    }
}
