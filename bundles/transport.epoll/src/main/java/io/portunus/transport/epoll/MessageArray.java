// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of struct mmsghdr (recvmmsg(2)), each with an iovec, room for an address and room for control messages: {@value #ENTRY_BYTES} bytes an
 * entry. Two of 64 and one of 1 are all that a loop has for datagrams, however many sockets it has. Confined to one thread.
 */
final class MessageArray {
    /** What control messages of an entry may take: address 40, mark 24, train 24 (cmsg(3)); an error with its address 64. */
    static final int CONTROL_BYTES = 128;
    /** struct sockaddr_in6, ipv6(7). */
    static final int NAME_BYTES = 28;
    /** cmsghdr: length, level and type, before its data. */
    static final int CONTROL_HEADER = 16;

    private static final int HEADER_ROOM = 64;
    private static final int VECTOR_ROOM = 16;
    private static final int NAME_ROOM = 32;
    private static final int ENTRY_BYTES = HEADER_ROOM + VECTOR_ROOM + NAME_ROOM + CONTROL_BYTES;

    private static final int NAME_POINTER = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR_POINTER = 16;
    private static final int VECTOR_LENGTH = 24;
    private static final int CONTROL_POINTER = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    private static final int ALIGNMENT = Long.BYTES;

    private final ByteBuffer memory;
    /** The same in the order of the network, in which addresses and ports are. */
    private final ByteBuffer network;
    private final long base;
    private final int vectors;
    private final int names;
    private final int controls;

    MessageArray(int capacity, Libc libc) {
        vectors = capacity * HEADER_ROOM;
        names = vectors + capacity * VECTOR_ROOM;
        controls = names + capacity * NAME_ROOM;
        memory = ByteBuffer.allocateDirect(capacity * ENTRY_BYTES).order(ByteOrder.nativeOrder());
        network = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
        base = libc.address(memory);
        for (int i = 0; i < capacity; i++) {
            int header = i * HEADER_ROOM;
            memory.putLong(header + NAME_POINTER, base + name(i)).putLong(header + VECTOR_POINTER, base + vector(i));
            memory.putLong(header + VECTOR_LENGTH, 1).putLong(header + CONTROL_POINTER, base + control(i));
        }
    }

    ByteBuffer memory() {
        return memory;
    }

    ByteBuffer network() {
        return network;
    }

    /** Where the array begins. */
    long address() {
        return base;
    }

    private int vector(int index) {
        return vectors + index * VECTOR_ROOM;
    }

    /** Where the address of an entry is in the memory. */
    int name(int index) {
        return names + index * NAME_ROOM;
    }

    /** Where its control messages are. */
    int control(int index) {
        return controls + index * CONTROL_BYTES;
    }

    /** Sets which iovecs an entry has; its own, until this is called. */
    void vectors(int index, int first, int count) {
        int header = index * HEADER_ROOM;
        memory.putLong(header + VECTOR_POINTER, base + vector(first)).putLong(header + VECTOR_LENGTH, count);
    }

    /** Sets where the bytes of an iovec are. */
    void bytes(int index, long address, int length) {
        int vector = vector(index);
        memory.putLong(vector, address).putLong(vector + Long.BYTES, length);
    }

    /** Sets how long its address and its control messages are, or may become. */
    void lengths(int index, int name, int control) {
        int header = index * HEADER_ROOM;
        memory.putInt(header + NAME_LENGTH, name).putLong(header + CONTROL_LENGTH, control);
    }

    /** How long its control messages are. */
    int controlLength(int index) {
        return (int) memory.getLong(index * HEADER_ROOM + CONTROL_LENGTH);
    }

    int flags(int index) {
        return memory.getInt(index * HEADER_ROOM + FLAGS);
    }

    /** Bytes that came. */
    int length(int index) {
        return memory.getInt(index * HEADER_ROOM + LENGTH);
    }

    /** Where the control message behind one of that length begins. */
    static int behind(int at, int length) {
        return at + (length + ALIGNMENT - 1 & -ALIGNMENT);
    }

    /** Begins a control message, whose data is written behind its header; where the next begins. */
    int begin(int at, int level, int type, int dataBytes) {
        memory.putLong(at, CONTROL_HEADER + dataBytes).putInt(at + 8, level).putInt(at + 12, type);
        return behind(at, CONTROL_HEADER + dataBytes);
    }
}
