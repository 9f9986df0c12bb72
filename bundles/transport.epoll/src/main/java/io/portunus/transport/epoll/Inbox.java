// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.SocketLibc;
import java.nio.ByteBuffer;

/** Receives batches, for all sockets of a loop, one after the other. Confined to its loop. */
final class Inbox {
    private static final int ECN = 3;
    private static final int PORT = 2;
    private static final int ADDRESS4 = 4;
    private static final int ADDRESS6 = 8;
    private static final int SCOPE = 24;
    /** in_pktinfo: the local address, which an answer to a broadcast has, too (ip(7)). */
    private static final int LOCAL4 = 4;

    private final BatchAddresses addresses;
    private final MessageArray messages;
    private final ByteBuffer memory;
    private final ByteBuffer network;
    /** What the iovecs are set to. */
    private long slots;
    private int slotBytes;
    private int prepared;

    Inbox(DatagramLibc libc, BatchAddresses addresses) {
        this.addresses = addresses;
        messages = new MessageArray(DatagramBatch.MAX_ENTRIES, libc);
        memory = messages.memory();
        network = messages.network();
        for (int i = 0; i < DatagramBatch.MAX_ENTRIES; i++) {
            messages.lengths(i, MessageArray.NAME_BYTES, MessageArray.CONTROL_BYTES);
        }
    }

    /** Fills a batch, which is empty; entries, or -1 with the errno of the call. */
    int receive(SocketLibc libc, int descriptor, DatagramBatch batch) {
        long at = addresses.of(libc, batch);
        if (at != slots || batch.slotBytes() != slotBytes || batch.capacity() > prepared) {
            prepare(batch, at);
        }
        int came = libc.recvmmsg(descriptor, messages.address(), batch.capacity(), 0, 0);
        for (int i = 0; i < came; i++) {
            take(batch, i);
        }
        return came;
    }

    private void prepare(DatagramBatch batch, long at) {
        slots = at;
        slotBytes = batch.slotBytes();
        prepared = batch.capacity();
        for (int i = 0; i < prepared; i++) {
            messages.bytes(i, at + (long) i * slotBytes, slotBytes);
        }
    }

    private void take(DatagramBatch batch, int i) {
        int entry = batch.add(messages.length(i));
        int name = messages.name(i);
        int port = Short.toUnsignedInt(network.getShort(name + PORT));
        if (memory.getShort(name) == SocketLibc.AF_INET) {
            batch.peer(entry, 0, DatagramBatch.low(network.getInt(name + ADDRESS4)), port, 0);
        } else {
            batch.peer(entry, network.getLong(name + ADDRESS6), network.getLong(name + ADDRESS6 + Long.BYTES), port, memory.getInt(name + SCOPE));
        }
        control(batch, entry, messages.control(i), messages.controlLength(i));
        if ((messages.flags(i) & DatagramLibc.MSG_TRUNC) != 0) {
            batch.mark(entry, batch.segmentBytes(entry), batch.ecn(entry), true);
        }
        messages.lengths(i, MessageArray.NAME_BYTES, MessageArray.CONTROL_BYTES);
    }

    private void control(DatagramBatch batch, int entry, int begin, int length) {
        int ecn = 0;
        int segment = 0;
        int end = begin + length;
        for (int at = begin; at + MessageArray.CONTROL_HEADER <= end; at = MessageArray.behind(at, (int) memory.getLong(at))) {
            int data = at + MessageArray.CONTROL_HEADER;
            switch (memory.getInt(at + 8) << Byte.SIZE | memory.getInt(at + 12)) {
                case SocketLibc.IPPROTO_IP << Byte.SIZE | DatagramLibc.IP_PKTINFO -> local4(batch, entry, network.getInt(data + LOCAL4));
                case SocketLibc.IPPROTO_IPV6 << Byte.SIZE | DatagramLibc.IPV6_PKTINFO ->
                    batch.local(entry, network.getLong(data), network.getLong(data + Long.BYTES));
                case SocketLibc.IPPROTO_IP << Byte.SIZE | DatagramLibc.IP_TOS -> ecn = memory.get(data) & ECN;
                case SocketLibc.IPPROTO_IPV6 << Byte.SIZE | DatagramLibc.IPV6_TCLASS -> ecn = memory.getInt(data) & ECN;
                case DatagramLibc.SOL_UDP << Byte.SIZE | DatagramLibc.UDP_GRO -> segment = memory.getInt(data);
                default -> { }
            }
        }
        if (ecn != 0 || segment != 0) {
            batch.mark(entry, segment < batch.length(entry) ? segment : 0, ecn, false);
        }
    }

    private static void local4(DatagramBatch batch, int entry, int address) {
        if (address != 0) {
            batch.local(entry, 0, DatagramBatch.low(address));
        }
    }
}
