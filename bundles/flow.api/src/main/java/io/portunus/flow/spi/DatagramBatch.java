// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Datagrams that are received, or sent, together: entries in slots of one direct buffer. Confined to one loop, made once and used again and
 * again: filling, reading and sending it allocates nothing, but where an address is asked for as an object. Addresses of IPv4 are kept as
 * IPv4-mapped ones (RFC 4291 §2.5.5.2), and given back as IPv4.
 */
public final class DatagramBatch {
    /** Most entries. */
    public static final int MAX_ENTRIES = 64;
    /** Most bytes of an entry: a train of datagrams, or one as long as can be. */
    public static final int MAX_BYTES = 65_535;

    private static final int ADDRESS_BYTES = 16;
    private static final int MAPPED = 0xFFFF;

    private final int slot;
    private final ByteBuffer memory;
    private final int[] lengths;
    private final int[] segments;
    private final int[] ecn;
    private final boolean[] truncated;
    private final byte[] peers;
    private final int[] peerPorts;
    private final byte[] locals;
    private final boolean[] hasLocal;
    private int count;

    /**
     * Makes an empty one.
     *
     * @param capacity entries, 1 to {@value #MAX_ENTRIES}
     * @param slotBytes bytes of an entry, 1 to {@value #MAX_BYTES}; all slots together are its memory
     */
    public DatagramBatch(int capacity, int slotBytes) {
        if (capacity < 1 || capacity > MAX_ENTRIES || slotBytes < 1 || slotBytes > MAX_BYTES) {
            throw new IllegalArgumentException(capacity + " entries of " + slotBytes + " bytes");
        }
        slot = slotBytes;
        memory = ByteBuffer.allocateDirect(capacity * slotBytes);
        lengths = new int[capacity];
        segments = new int[capacity];
        ecn = new int[capacity];
        truncated = new boolean[capacity];
        peers = new byte[capacity * ADDRESS_BYTES];
        peerPorts = new int[capacity];
        locals = new byte[capacity * ADDRESS_BYTES];
        hasLocal = new boolean[capacity];
    }

    /** How many entries it may have. */
    public int capacity() {
        return lengths.length;
    }

    /** Bytes that an entry may have. */
    public int slotBytes() {
        return slot;
    }

    /** How many entries it has. */
    public int count() {
        return count;
    }

    /** Has none from now on. */
    public void clear() {
        count = 0;
    }

    /** All memory, the slots one behind the other; who fills slots by system calls does it there. Its position and limit stay as they are. */
    public ByteBuffer memory() {
        return memory;
    }

    /**
     * Has one more, of bytes that are in the next slot already: one datagram, of a peer that is still to be said, from no address in particular.
     *
     * @param length bytes of the entry, 0 to {@link #slotBytes}
     * @return its number
     */
    public int add(int length) {
        if (count == capacity() || length < 0 || length > slot) {
            throw new IllegalArgumentException("an entry of " + length + " bytes, behind " + count + " of " + capacity());
        }
        int entry = count++;
        lengths[entry] = length;
        segments[entry] = 0;
        ecn[entry] = 0;
        truncated[entry] = false;
        Arrays.fill(peers, entry * ADDRESS_BYTES, (entry + 1) * ADDRESS_BYTES, (byte) 0);
        peerPorts[entry] = 0;
        hasLocal[entry] = false;
        return entry;
    }

    /** Has one more, of these bytes, which are copied. */
    public int add(ByteBuffer bytes) {
        int length = bytes.remaining();
        int entry = add(length);
        memory.put(entry * slot, bytes, bytes.position(), length);
        bytes.position(bytes.limit());
        return entry;
    }

    private int checked(int entry) {
        if (entry < 0 || entry >= count) {
            throw new IndexOutOfBoundsException("entry " + entry + " of " + count);
        }
        return entry;
    }

    /** Where the bytes of an entry begin in {@link #memory}. */
    public int offset(int entry) {
        return checked(entry) * slot;
    }

    /** How many bytes an entry has. */
    public int length(int entry) {
        return lengths[checked(entry)];
    }

    /** Copies the bytes of an entry behind the position of a buffer, which has room for them. */
    public void copy(int entry, ByteBuffer to) {
        int length = length(entry);
        to.put(to.position(), memory, offset(entry), length).position(to.position() + length);
    }

    /**
     * Bytes of each datagram of an entry that is a train of them, all of one size but the last, which may be shorter; 0 where the entry is one
     * datagram. A port that is sent a train may have the system cut it (UDP_SEGMENT, udp(7)).
     */
    public int segmentBytes(int entry) {
        return segments[checked(entry)];
    }

    /** The two bits of ECN (RFC 3168 §5), 0 to 3, as they came or as they are to be sent. */
    public int ecn(int entry) {
        return ecn[checked(entry)];
    }

    /** Whether the datagram was longer than its slot: what did not fit is lost. */
    public boolean truncated(int entry) {
        return truncated[checked(entry)];
    }

    /** Sets what came with an entry, or is to go with it. */
    public void mark(int entry, int segmentBytes, int itsEcn, boolean cut) {
        segments[checked(entry)] = segmentBytes;
        ecn[entry] = itsEcn;
        truncated[entry] = cut;
    }

    /** Whom it is from, or to. Makes an object. */
    public InetSocketAddress peer(int entry) {
        return new InetSocketAddress(address(peers, checked(entry)), peerPorts[entry]);
    }

    /** The first half of the peer's address, to be looked up by without an object. */
    public long peerHigh(int entry) {
        return half(checked(entry) * ADDRESS_BYTES);
    }

    /** The second half of it. */
    public long peerLow(int entry) {
        return half(checked(entry) * ADDRESS_BYTES + Long.BYTES);
    }

    private long half(int at) {
        long value = 0;
        for (int i = at; i < at + Long.BYTES; i++) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(peers[i]);
        }
        return value;
    }

    /** The peer's port. */
    public int peerPort(int entry) {
        return peerPorts[checked(entry)];
    }

    /** Sets whom it is from, or to. */
    public void peer(int entry, InetSocketAddress peer) {
        put(peers, checked(entry), peer.getAddress());
        peerPorts[entry] = peer.getPort();
    }

    /** Whether it is known to what local address it came, or said from which it is to go. */
    public boolean hasLocal(int entry) {
        return hasLocal[checked(entry)];
    }

    /** The local address that was asked, and that an answer has to come from. Makes an object; the wildcard where none is known. */
    public InetAddress local(int entry) {
        return hasLocal[checked(entry)] ? address(locals, entry) : new InetSocketAddress(0).getAddress();
    }

    /** Sets to what local address it came, or from which it is to go. */
    public void local(int entry, InetAddress local) {
        put(locals, checked(entry), local);
        hasLocal[entry] = true;
    }

    private static void put(byte[] all, int entry, InetAddress address) {
        byte[] bytes = address.getAddress();
        int at = entry * ADDRESS_BYTES;
        Arrays.fill(all, at, at + ADDRESS_BYTES, (byte) 0);
        System.arraycopy(bytes, 0, all, at + ADDRESS_BYTES - bytes.length, bytes.length);
        if (bytes.length < ADDRESS_BYTES) {
            all[at + 10] = (byte) (MAPPED >> Byte.SIZE);
            all[at + 11] = (byte) MAPPED;
        }
    }

    private static InetAddress address(byte[] all, int entry) {
        try {
            // Of a mapped one the JDK makes an address of IPv4.
            return InetAddress.getByAddress(Arrays.copyOfRange(all, entry * ADDRESS_BYTES, (entry + 1) * ADDRESS_BYTES));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
    }
}
