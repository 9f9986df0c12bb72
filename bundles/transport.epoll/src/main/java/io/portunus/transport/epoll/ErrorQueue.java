// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramFault;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.SocketLibc;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Fetches what connected sockets have learnt (IP_RECVERR, ip(7)). Without that queue an error is the answer of whatever call comes next: one that
 * sends several datagrams swallows it, and that a host or a network cannot be reached is not reported at all. Confined to a loop.
 */
final class ErrorQueue {
    /** Errors fetched in a row; more wait for the next event, which they cause. */
    private static final int MOST = 64;

    private final MessageArray message;
    private final ByteBuffer memory;

    ErrorQueue(DatagramLibc libc) {
        message = new MessageArray(1, libc);
        memory = message.memory();
    }

    /** Empties the queue of a socket, and takes its pending error; adds what was there. */
    void drain(Sockets sockets, int descriptor, Set<DatagramFault> faults) {
        for (int i = 0; i < MOST && next(sockets.libc(), descriptor); i++) {
            add(faults);
        }
        // It is there without an entry where the queue had no room.
        int pending = sockets.get(descriptor, SocketLibc.SOL_SOCKET, SocketLibc.SO_ERROR);
        if (pending > 0) {
            faults.add(of(pending));
        }
    }

    private boolean next(SocketLibc libc, int descriptor) {
        message.lengths(0, MessageArray.NAME_BYTES, MessageArray.CONTROL_BYTES);
        // Of the datagram that it is of nothing is fetched.
        message.bytes(0, 0, 0);
        return libc.recvmmsg(descriptor, message.address(), 1, DatagramLibc.MSG_ERRQUEUE, 0) > 0;
    }

    private void add(Set<DatagramFault> faults) {
        int end = message.control(0) + message.controlLength(0);
        for (int at = message.control(0); at + MessageArray.CONTROL_HEADER <= end; at = MessageArray.behind(at, (int) memory.getLong(at))) {
            int level = memory.getInt(at + 8);
            int type = memory.getInt(at + 12);
            if (level == SocketLibc.IPPROTO_IP && type == DatagramLibc.IP_RECVERR
                || level == SocketLibc.IPPROTO_IPV6 && type == DatagramLibc.IPV6_RECVERR) {
                faults.add(of(memory.getInt(at + MessageArray.CONTROL_HEADER)));
            }
        }
    }

    /** What an errno comes to. */
    static DatagramFault of(int errno) {
        return switch (errno) {
            case SocketLibc.ECONNREFUSED -> DatagramFault.REFUSED;
            // EACCES is what a router that lets nobody pass comes to (ICMPv6, administratively prohibited).
            case SocketLibc.EHOSTUNREACH, SocketLibc.ENETUNREACH, SocketLibc.ENETDOWN, SocketLibc.EACCES, DatagramLibc.EHOSTDOWN,
                DatagramLibc.ENONET -> DatagramFault.UNREACHABLE;
            case DatagramLibc.EMSGSIZE -> DatagramFault.TOO_LONG;
            default -> DatagramFault.OTHER;
        };
    }
}
