// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.portunus.flow.spi.ConnectSpec;
import io.portunus.model.SocketTuning;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * TCP sockets by {@link SocketLibc}, with the memory that its calls read addresses and options from. Used by one thread at a time: a loop
 * has one, and so has whoever opens or closes a listener.
 *
 * <pre>
 * sockaddr_in  (16)  | family 2 | port 2, big-endian | address 4 | 8 |                     ip(7)
 * sockaddr_in6 (28)  | family 2 | port 2, big-endian | flow 4 | address 16 | scope 4 |     ipv6(7)
 * </pre>
 */
final class Sockets {
    private static final int FLAGS = Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IN_BYTES = 16;
    private static final int IN6_BYTES = 28;
    private static final int ADDRESS = 0;
    private static final int ADDRESS_LENGTH = 32;
    private static final int OPTION = 40;
    private static final int OPTION_LENGTH = 48;
    private static final int ALL = 56;

    private final SocketLibc libc;
    private final MemorySegment memory = Arena.ofAuto().allocate(ALL, 8);
    private final long base = memory.address();

    Sockets(SocketLibc libc) {
        this.libc = libc;
    }

    SocketLibc libc() {
        return libc;
    }

    /** What the last call that failed has failed with. */
    IOException failure() {
        return SocketErrors.of(libc.errno());
    }

    static int family(InetAddress address) {
        return address instanceof Inet6Address ? SocketLibc.AF_INET6 : SocketLibc.AF_INET;
    }

    /** A new socket, or -1. */
    int open(int family) {
        return libc.socket(family, Libc.SOCK_STREAM | FLAGS, 0);
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
        memory.set(JAVA_INT, ADDRESS_LENGTH, IN6_BYTES);
        return libc.accept4(listener, base + ADDRESS, base + ADDRESS_LENGTH, FLAGS);
    }

    InetSocketAddress peer() {
        return decode();
    }

    InetSocketAddress local(int socket) throws IOException {
        if (askLocal(socket) < 0) {
            throw failure();
        }
        return decode();
    }

    private int askLocal(int socket) {
        memory.set(JAVA_INT, ADDRESS_LENGTH, IN6_BYTES);
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
        return Short.toUnsignedInt(memory.get(PORT, ADDRESS + 2));
    }

    private int encode(InetAddress address, int port) {
        memory.asSlice(ADDRESS, IN6_BYTES).fill((byte) 0);
        memory.set(JAVA_SHORT, ADDRESS, (short) family(address));
        memory.set(PORT, ADDRESS + 2, (short) port);
        byte[] octets = address.getAddress();
        if (address instanceof Inet6Address scoped) {
            MemorySegment.copy(octets, 0, memory, JAVA_BYTE, ADDRESS + 8, octets.length);
            memory.set(JAVA_INT, ADDRESS + 24, scoped.getScopeId());
            return IN6_BYTES;
        }
        MemorySegment.copy(octets, 0, memory, JAVA_BYTE, ADDRESS + 4, octets.length);
        return IN_BYTES;
    }

    private InetSocketAddress decode() {
        int port = localPort();
        boolean six = memory.get(JAVA_SHORT, ADDRESS) == SocketLibc.AF_INET6;
        byte[] octets = new byte[six ? 16 : 4];
        MemorySegment.copy(memory, JAVA_BYTE, ADDRESS + (six ? 8 : 4), octets, 0, octets.length);
        int scope = six ? memory.get(JAVA_INT, ADDRESS + 24) : 0;
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
        memory.set(JAVA_INT, OPTION, value);
        return libc.setsockopt(socket, level, option, base + OPTION, 4);
    }

    /** Value of an option of int; the errno of the call negated if it fails. */
    int get(int socket, int level, int option) {
        memory.set(JAVA_INT, OPTION_LENGTH, 4);
        int answer = libc.getsockopt(socket, level, option, base + OPTION, base + OPTION_LENGTH);
        return answer < 0 ? -libc.errno() : memory.get(JAVA_INT, OPTION);
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
        memory.set(JAVA_INT, OPTION, 1);
        memory.set(JAVA_INT, OPTION + 4, 0);
        libc.setsockopt(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_LINGER, base + OPTION, 8);
    }

    void close(int socket) {
        libc.close(socket);
    }
}
