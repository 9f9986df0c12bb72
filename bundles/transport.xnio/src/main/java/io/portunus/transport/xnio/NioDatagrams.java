// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.DatagramBatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.channels.MulticastMessageChannel;

/**
 * One socket of a {@link XnioPort}: a channel of the JDK, and XNIO's watch of it. It remembers the peers it has had last, so that a datagram of the
 * same makes no object. Confined to its loop.
 */
final class NioDatagrams {
    private static final Logger LOG = LoggerFactory.getLogger(NioDatagrams.class);
    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    private final DatagramChannel channel;
    private final MulticastMessageChannel watch;
    /** Where it is bound; the wildcard's does not know to which address a datagram came. */
    private final InetSocketAddress local;
    private final boolean knowsLocal;
    private final long localHigh;
    private final long localLow;
    /** Only one that it talks with. */
    private final @Nullable InetSocketAddress peer;
    private @Nullable SocketAddress lastFrom;
    private long fromHigh;
    private long fromLow;
    private @Nullable InetSocketAddress lastTo;
    private long toHigh;
    private long toLow;
    private int mark;

    NioDatagrams(DatagramChannel channel, MulticastMessageChannel watch) throws IOException {
        this.channel = channel;
        this.watch = watch;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        InetAddress own = local.getAddress();
        this.knowsLocal = !own.isAnyLocalAddress();
        this.localHigh = DatagramBatch.high(own);
        this.localLow = DatagramBatch.low(own);
    }

    InetSocketAddress local() {
        return local;
    }

    MulticastMessageChannel watch() {
        return watch;
    }

    /** Whether it is bound to that address. */
    boolean has(long high, long low) {
        return knowsLocal && high == localHigh && low == localLow;
    }

    /**
     * Receives one more datagram.
     *
     * @param buffer has room for the longest
     * @return whether there was one
     */
    boolean receive(DatagramBatch batch, ByteBuffer buffer) throws IOException {
        SocketAddress from = channel.receive(buffer.clear());
        if (from == null) {
            return false;
        }
        buffer.flip();
        boolean cut = buffer.remaining() > batch.slotBytes();
        int entry = batch.add(cut ? buffer.limit(batch.slotBytes()) : buffer);
        InetSocketAddress sender = (InetSocketAddress) from;
        if (!from.equals(lastFrom)) {
            lastFrom = from;
            fromHigh = DatagramBatch.high(sender.getAddress());
            fromLow = DatagramBatch.low(sender.getAddress());
        }
        batch.peer(entry, fromHigh, fromLow, sender.getPort(), DatagramBatch.scope(sender.getAddress()));
        if (knowsLocal) {
            batch.local(entry, localHigh, localLow);
        }
        batch.mark(entry, 0, 0, cut);
        return true;
    }

    /**
     * Sends bytes of an entry to whom it is for.
     *
     * @return whether there was room
     */
    boolean send(DatagramBatch batch, int entry, ByteBuffer bytes) throws IOException {
        if (batch.ecn(entry) != mark) {
            mark = batch.ecn(entry);
            channel.setOption(StandardSocketOptions.IP_TOS, mark);
        }
        int length = bytes.remaining();
        InetSocketAddress only = peer;
        if (only != null) {
            if (length == 0) {
                sendEmpty(only);
                return true;
            }
            return channel.write(bytes) == length;
        }
        try {
            return channel.send(bytes, to(batch, entry)) == length;
        } catch (UnsupportedAddressTypeException otherFamily) {
            throw new IOException("a socket of IPv4 sends nothing to IPv6", otherFamily);
        }
    }

    private InetSocketAddress to(DatagramBatch batch, int entry) {
        long high = batch.peerHigh(entry);
        long low = batch.peerLow(entry);
        InetSocketAddress known = lastTo;
        if (known != null && high == toHigh && low == toLow && known.getPort() == batch.peerPort(entry) && batch.scope(entry) == 0) {
            return known;
        }
        InetSocketAddress to = batch.peer(entry);
        lastTo = to;
        toHigh = high;
        toLow = low;
        return to;
    }

    /**
     * The JDK sends nothing where there are no bytes and the channel is connected, so a socket beside it does, of the same address, for the time of
     * one call. What the peer answers goes to the one that is connected (SO_REUSEPORT, socket(7)).
     */
    private void sendEmpty(InetSocketAddress to) throws IOException {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        try (DatagramChannel beside = Families.datagrams(local.getAddress())) {
            beside.configureBlocking(false);
            beside.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(local).send(EMPTY.duplicate(), to);
        }
    }

    void interest(boolean read, boolean write) {
        if (read) {
            watch.resumeReads();
        } else {
            watch.suspendReads();
        }
        if (write) {
            watch.resumeWrites();
        } else {
            watch.suspendWrites();
        }
    }

    void close() {
        try {
            watch.close();
        } catch (IOException gone) {
            LOG.trace("the socket was closed already", gone);
        }
    }
}
