// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.ConnectSpec;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.model.SocketTuning;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * Sockets by {@link SocketLibc}, with the memory that its calls read addresses and options from. Used by one thread at a time: a loop
 * has one, and so has whoever opens or closes a listener.
 *
 * <pre>
 * sockaddr_in  (16)  | family 2 | port 2, big-endian | address 4 | 8 |                     ip(7)
 * sockaddr_in6 (28)  | family 2 | port 2, big-endian | flow 4 | address 16 | scope 4 |     ipv6(7)
 * </pre>
 */
final class Sockets {
    private static final int FLAGS = Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    private static final int IN_BYTES = 16;
    private static final int IN6_BYTES = 28;
    private static final int ADDRESS = 0;
    private static final int ADDRESS_LENGTH = 32;
    private static final int OPTION = 40;
    private static final int OPTION_LENGTH = 48;
    private static final int ALL = 56;
    private static final byte[] ZEROS = new byte[IN6_BYTES];

    private final ByteBuffer memory = ByteBuffer.allocateDirect(ALL).order(ByteOrder.nativeOrder());
    private final long base;
    private SocketLibc libc;

    Sockets(SocketLibc libc) {
        this.libc = libc;
        this.base = libc.address(memory);
    }

    /** Makes its calls by others from now on; the sockets are the same. */
    void calls(SocketLibc newer) {
        libc = newer;
    }

    SocketLibc libc() {
        return libc;
    }

    /** What the last call that failed has failed with. */
    SystemException failure() {
        return new SystemException(libc.errno());
    }

    static int family(InetAddress address) {
        return address instanceof Inet6Address ? SocketLibc.AF_INET6 : SocketLibc.AF_INET;
    }

    /** A new socket of TCP, or -1. */
    int open(int family) {
        return libc.socket(family, Libc.SOCK_STREAM | FLAGS, 0);
    }

    /** A new socket of UDP, or -1. */
    int openDatagrams(int family) {
        return libc.socket(family, DatagramLibc.SOCK_DGRAM | FLAGS, 0);
    }

    int bind(int socket, InetAddress address, int port) {
        int length = encode(address, port);
        return libc.bind(socket, base + ADDRESS, length);
    }

    int connect(int socket, InetSocketAddress to) {
        int length = encode(to.getAddress(), to.getPort());
        return libc.connect(socket, base + ADDRESS, length);
    }

    /** A connection that waits, or -1; {@link #peer()} is its other side until the next call. */
    int accept(int listener) {
        memory.putInt(ADDRESS_LENGTH, IN6_BYTES);
        return libc.accept4(listener, base + ADDRESS, base + ADDRESS_LENGTH, FLAGS);
    }

    InetSocketAddress peer() {
        return decode();
    }

    InetSocketAddress local(int socket) throws SystemException {
        if (askLocal(socket) < 0) {
            throw failure();
        }
        return decode();
    }

    private int askLocal(int socket) {
        memory.putInt(ADDRESS_LENGTH, IN6_BYTES);
        return libc.getsockname(socket, base + ADDRESS, base + ADDRESS_LENGTH);
    }

    /**
     * Whether a socket that is connected is its own peer. On the machine of the target, where nobody listens, the system may take the port of
     * the target for the one to come from, and the request then meets itself (simultaneous open, RFC 9293 §3.5).
     */
    boolean reachesItself(int socket, InetSocketAddress peer) {
        return askLocal(socket) == 0 && localPort() == peer.getPort() && ConnectSpec.reachesItself(decode(), peer);
    }

    private int localPort() {
        return Byte.toUnsignedInt(memory.get(ADDRESS + 2)) << 8 | Byte.toUnsignedInt(memory.get(ADDRESS + 3));
    }

    private int encode(InetAddress address, int port) {
        memory.put(ADDRESS, ZEROS).putShort(ADDRESS, (short) family(address));
        memory.put(ADDRESS + 2, (byte) (port >> 8)).put(ADDRESS + 3, (byte) port);
        byte[] octets = address.getAddress();
        if (address instanceof Inet6Address scoped) {
            memory.put(ADDRESS + 8, octets).putInt(ADDRESS + 24, scoped.getScopeId());
            return IN6_BYTES;
        }
        memory.put(ADDRESS + 4, octets);
        return IN_BYTES;
    }

    private InetSocketAddress decode() {
        int port = localPort();
        boolean six = memory.getShort(ADDRESS) == SocketLibc.AF_INET6;
        byte[] octets = new byte[six ? 16 : 4];
        memory.get(ADDRESS + (six ? 8 : 4), octets);
        int scope = six ? memory.getInt(ADDRESS + 24) : 0;
        try {
            // It makes an Inet4Address of a mapped one.
            InetAddress address = scope == 0 ? InetAddress.getByAddress(octets) : Inet6Address.getByAddress(null, octets, scope);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError(wrongLength);
        }
    }

    /** Sets an option of int; 0, or -1. */
    int set(int socket, int level, int option, int value) {
        memory.putInt(OPTION, value);
        return libc.setsockopt(socket, level, option, base + OPTION, 4);
    }

    /** Value of an option of int; the errno of the call negated if it fails. */
    int get(int socket, int level, int option) {
        memory.putInt(OPTION_LENGTH, 4);
        int answer = libc.getsockopt(socket, level, option, base + OPTION, base + OPTION_LENGTH);
        return answer < 0 ? -libc.errno() : memory.getInt(OPTION);
    }

    /** What every socket of ours has. */
    void prepare(int socket, SocketTuning tuning) {
        set(socket, SocketLibc.IPPROTO_TCP, SocketLibc.TCP_NODELAY, 1);
        set(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_KEEPALIVE, 1);
        tune(socket, tuning);
    }

    /** Sets what is not left to the system; what it refuses stays as it is. */
    void tune(int socket, SocketTuning tuning) {
        some(socket, SocketLibc.IPPROTO_TCP, SocketLibc.TCP_KEEPIDLE, seconds(tuning.keepaliveIdle()));
        some(socket, SocketLibc.IPPROTO_TCP, SocketLibc.TCP_KEEPINTVL, seconds(tuning.keepaliveInterval()));
        some(socket, SocketLibc.IPPROTO_TCP, SocketLibc.TCP_KEEPCNT, tuning.keepaliveProbes());
        some(socket, SocketLibc.IPPROTO_TCP, SocketLibc.TCP_USER_TIMEOUT, Math.clamp(tuning.userTimeout().toMillis(), 0, Integer.MAX_VALUE));
        buffers(socket, tuning);
    }

    /** Sets the sizes of its buffers that are not left to the system. */
    void buffers(int socket, SocketTuning tuning) {
        some(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_SNDBUF, tuning.sendBuffer());
        some(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_RCVBUF, tuning.receiveBuffer());
    }

    private void some(int socket, int level, int option, int value) {
        if (value > 0) {
            set(socket, level, option, value);
        }
    }

    private static int seconds(Duration duration) {
        return Math.clamp(duration.toSeconds(), 0, Integer.MAX_VALUE);
    }

    /** Lets the close that follows send RST: struct linger is two ints, on and 0 seconds (socket(7)). */
    void abort(int socket) {
        memory.putInt(OPTION, 1).putInt(OPTION + 4, 0);
        libc.setsockopt(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_LINGER, base + OPTION, 8);
    }

    void close(int socket) {
        libc.close(socket);
    }
}
