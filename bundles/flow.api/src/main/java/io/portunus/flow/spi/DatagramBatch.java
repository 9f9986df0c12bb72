// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

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
    /** What stands before the four bytes of a mapped address, in the second half; the first is 0. */
    private static final long MAPPED = 0xFFFFL << Integer.SIZE;

    private final int slot;
    private final ByteBuffer memory;
    private final int[] lengths;
    private final int[] segments;
    private final int[] ecn;
    private final boolean[] truncated;
    /** Two halves an address. */
    private final long[] peers;
    private final int[] peerPorts;
    private final int[] scopes;
    private final long[] locals;
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
        peers = new long[2 * capacity];
        peerPorts = new int[capacity];
        scopes = new int[capacity];
        locals = new long[2 * capacity];
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
        peer(entry, 0, 0, 0, 0);
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

    /**
     * Takes bytes away from the beginning of an entry, which is one datagram and no train; the rest is moved.
     *
     * @param bytes 0 to the length of the entry
     */
    public void strip(int entry, int bytes) {
        int left = length(entry) - bytes;
        if (bytes < 0 || left < 0) {
            throw new IllegalArgumentException(bytes + " of " + length(entry) + " bytes");
        }
        memory.put(entry * slot, memory, entry * slot + bytes, left);
        lengths[entry] = left;
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
        int at = 2 * checked(entry);
        return new InetSocketAddress(address(peers[at], peers[at + 1], scopes[entry]), peerPorts[entry]);
    }

    /** The first half of the peer's address, to be looked up by without an object. */
    public long peerHigh(int entry) {
        return peers[2 * checked(entry)];
    }

    /** The second half of it. */
    public long peerLow(int entry) {
        return peers[2 * checked(entry) + 1];
    }

    /** The peer's port. */
    public int peerPort(int entry) {
        return peerPorts[checked(entry)];
    }

    /** Number of the interface by which a link-local peer is reached ({@code sin6_scope_id}, ipv6(7)); 0 for all others. */
    public int scope(int entry) {
        return scopes[checked(entry)];
    }

    /** Sets whom it is from, or to. */
    public void peer(int entry, InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        peer(entry, high(address), low(address), peer.getPort(), scope(address));
    }

    /** The same by the halves of its address, without an object. */
    public void peer(int entry, long high, long low, int port, int scope) {
        int at = 2 * checked(entry);
        peers[at] = high;
        peers[at + 1] = low;
        peerPorts[entry] = port;
        scopes[entry] = scope;
    }

    /** Whether it is known to what local address it came, or set from which it is to go. */
    public boolean hasLocal(int entry) {
        return hasLocal[checked(entry)];
    }

    /** The local address that was asked, and that an answer has to come from. Makes an object; the wildcard where none is known. */
    public InetAddress local(int entry) {
        int at = 2 * checked(entry);
        return hasLocal[entry] ? address(locals[at], locals[at + 1], 0) : new InetSocketAddress(0).getAddress();
    }

    /** The first half of the local address; of use where there is one. */
    public long localHigh(int entry) {
        return locals[2 * checked(entry)];
    }

    /** The second half of it. */
    public long localLow(int entry) {
        return locals[2 * checked(entry) + 1];
    }

    /** Sets to what local address it came, or from which it is to go. */
    public void local(int entry, InetAddress local) {
        local(entry, high(local), low(local));
    }

    /** The same by the halves of the address, without an object. */
    public void local(int entry, long high, long low) {
        int at = 2 * checked(entry);
        locals[at] = high;
        locals[at + 1] = low;
        hasLocal[entry] = true;
    }

    /** The first half of an address, as it is kept here: 0 for one of IPv4. */
    public static long high(InetAddress address) {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress()).getLong(0) : 0;
    }

    /** The second half of it. */
    public static long low(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong(Long.BYTES) : low(bytes.getInt(0));
    }

    /** The second half of an address of IPv4, of its four bytes in their order. */
    public static long low(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    /** What {@link #scope(int)} is of an address. */
    public static int scope(InetAddress address) {
        return address instanceof Inet6Address scoped && scoped.isLinkLocalAddress() ? scoped.getScopeId() : 0;
    }

    /** Whether halves are those of an address of IPv4. */
    public static boolean mapped(long high, long low) {
        return high == 0 && (low & -1L << Integer.SIZE) == MAPPED;
    }

    private static InetAddress address(long high, long low, int scope) {
        byte[] bytes = ByteBuffer.allocate(ADDRESS_BYTES).putLong(high).putLong(low).array();
        try {
            // Of a mapped one the JDK makes an address of IPv4.
            return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
    }
}
