// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.SocketLibc;
import java.nio.ByteBuffer;

/** Sends batches, for all sockets of a loop, one after the other. Confined to its loop. */
final class Outbox {
    private static final int PORT = 2;
    private static final int ADDRESS4 = 4;
    private static final int ADDRESS6 = 8;
    private static final int SCOPE = 24;
    private static final int NAME4_BYTES = 16;
    private static final int LOCAL4 = 4;
    private static final int PKTINFO4_BYTES = 12;
    private static final int PKTINFO6_BYTES = 20;

    /** What a message of UDP may have, on IPv4; the longest train (udp(7)). */
    private static final int LONGEST = 65_507;

    private final BatchAddresses addresses;
    /** Of each message of a call, its first entry, and the end behind the last. */
    private final int[] firsts = new int[DatagramBatch.MAX_ENTRIES + 1];
    private final MessageArray messages;
    private final ByteBuffer memory;
    private final ByteBuffer network;

    Outbox(DatagramLibc libc, BatchAddresses addresses) {
        this.addresses = addresses;
        messages = new MessageArray(DatagramBatch.MAX_ENTRIES, libc);
        memory = messages.memory();
        network = messages.network();
    }

    /**
     * Sends entries. Those that follow each other to one peer, and are of one size but for the last, go as one message that the system cuts
     * (UDP_SEGMENT, udp(7)): it passes through the stack once.
     *
     * @param end the one behind the last; never more than a batch has
     * @return entries that were sent, or -1 with the errno of the first {@link #together}
     */
    int entries(SocketLibc libc, SendingSocket socket, DatagramBatch batch, int first, int end) {
        long at = addresses.of(libc, batch);
        int count = 0;
        int entry = first;
        while (entry < end) {
            int begin = entry;
            int length = batch.length(begin);
            int segment = batch.segmentBytes(begin) < length ? batch.segmentBytes(begin) : 0;
            entry += segment == 0 && socket.joins(length) ? run(socket, batch, begin, end) : 1;
            for (int each = begin; each < entry; each++) {
                messages.bytes(each - first, at + batch.offset(each), batch.length(each));
            }
            messages.vectors(count, begin - first, entry - begin);
            head(socket, batch, begin, count, entry - begin > 1 ? length : segment);
            firsts[count++] = begin;
        }
        firsts[count] = end;
        int sent = libc.sendmmsg(socket.descriptor(), messages.address(), count, SocketLibc.MSG_NOSIGNAL);
        return sent < 0 ? sent : firsts[sent] - first;
    }

    /** How many entries the first message of the last {@link #entries} had. */
    int together() {
        return firsts[1] - firsts[0];
    }

    /** How many entries from the first on can go as one message. */
    private static int run(SendingSocket socket, DatagramBatch batch, int first, int end) {
        int size = batch.length(first);
        int total = size;
        int next = first + 1;
        boolean going = true;
        while (going && next < end && total + batch.length(next) <= LONGEST && like(socket, batch, first, next)) {
            int length = batch.length(next);
            going = length == size;
            if (length == 0 || length > size) {
                return next - first;
            }
            total += length;
            next++;
        }
        return next - first;
    }

    private static boolean like(SendingSocket socket, DatagramBatch batch, int one, int other) {
        return batch.segmentBytes(other) == 0 && batch.ecn(one) == batch.ecn(other)
            && (socket.connected() || batch.peerLow(one) == batch.peerLow(other) && batch.peerHigh(one) == batch.peerHigh(other)
                && batch.peerPort(one) == batch.peerPort(other) && batch.scope(one) == batch.scope(other))
            && (!socket.anyLocal() || batch.hasLocal(one) == batch.hasLocal(other) && batch.localLow(one) == batch.localLow(other)
                && batch.localHigh(one) == batch.localHigh(other));
    }

    /** How many datagrams an entry is that is a train. */
    static int datagrams(DatagramBatch batch, int entry) {
        return Math.max(Math.ceilDiv(batch.length(entry), batch.segmentBytes(entry)), 1);
    }

    /** Sends datagrams of an entry that is a train, one by one, as many at a time as a batch has entries; answers as {@link #entries}. */
    int segments(SocketLibc libc, SendingSocket socket, DatagramBatch batch, int entry, int first) {
        long at = addresses.of(libc, batch) + batch.offset(entry);
        int size = batch.segmentBytes(entry);
        int count = Math.min(datagrams(batch, entry) - first, DatagramBatch.MAX_ENTRIES);
        for (int i = 0; i < count; i++) {
            int offset = (first + i) * size;
            messages.bytes(i, at + offset, Math.min(size, batch.length(entry) - offset));
            messages.vectors(i, i, 1);
            head(socket, batch, entry, i, 0);
        }
        return libc.sendmmsg(socket.descriptor(), messages.address(), count, SocketLibc.MSG_NOSIGNAL);
    }

    private void head(SendingSocket socket, DatagramBatch batch, int entry, int i, int segment) {
        boolean four = !socket.six() || !socket.connected() && DatagramBatch.mapped(batch.peerHigh(entry), batch.peerLow(entry));
        int name = socket.connected() ? 0 : name(socket, batch, entry, messages.name(i));
        int begin = messages.control(i);
        int at = begin;
        if (socket.anyLocal() && batch.hasLocal(entry)) {
            at = local(socket.six(), batch, entry, at);
        }
        if (batch.ecn(entry) != 0) {
            int next = messages.begin(at, four ? SocketLibc.IPPROTO_IP : SocketLibc.IPPROTO_IPV6,
                four ? DatagramLibc.IP_TOS : DatagramLibc.IPV6_TCLASS, Integer.BYTES);
            memory.putInt(at + MessageArray.CONTROL_HEADER, batch.ecn(entry));
            at = next;
        }
        if (segment != 0) {
            int next = messages.begin(at, DatagramLibc.SOL_UDP, DatagramLibc.UDP_SEGMENT, Short.BYTES);
            memory.putShort(at + MessageArray.CONTROL_HEADER, (short) segment);
            at = next;
        }
        messages.lengths(i, name, at - begin);
    }

    /** Writes whom an entry is to; how many bytes that takes. */
    private int name(SendingSocket socket, DatagramBatch batch, int entry, int at) {
        network.putShort(at + PORT, (short) batch.peerPort(entry));
        if (!socket.six() && DatagramBatch.mapped(batch.peerHigh(entry), batch.peerLow(entry))) {
            memory.putShort(at, (short) SocketLibc.AF_INET);
            network.putInt(at + ADDRESS4, (int) batch.peerLow(entry));
            return NAME4_BYTES;
        }
        // A socket of IPv4 refuses this, which is right.
        memory.putShort(at, (short) SocketLibc.AF_INET6).putInt(at + ADDRESS4, 0).putInt(at + SCOPE, batch.scope(entry));
        network.putLong(at + ADDRESS6, batch.peerHigh(entry)).putLong(at + ADDRESS6 + Long.BYTES, batch.peerLow(entry));
        return MessageArray.NAME_BYTES;
    }

    /** Writes from which address an entry is; an IPv6 socket takes a mapped one in the form of IPv6. */
    private int local(boolean six, DatagramBatch batch, int entry, int at) {
        int data = at + MessageArray.CONTROL_HEADER;
        if (six) {
            network.putLong(data, batch.localHigh(entry)).putLong(data + Long.BYTES, batch.localLow(entry)).putInt(data + 2 * Long.BYTES, 0);
            return messages.begin(at, SocketLibc.IPPROTO_IPV6, DatagramLibc.IPV6_PKTINFO, PKTINFO6_BYTES);
        }
        network.putInt(data, 0).putInt(data + LOCAL4, (int) batch.localLow(entry)).putInt(data + 2 * LOCAL4, 0);
        return messages.begin(at, SocketLibc.IPPROTO_IP, DatagramLibc.IP_PKTINFO, PKTINFO4_BYTES);
    }
}
