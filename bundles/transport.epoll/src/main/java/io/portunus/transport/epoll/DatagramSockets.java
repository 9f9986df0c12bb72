// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DatagramSpec.Sharing;
import io.portunus.linux.api.DatagramLibc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Opens datagram sockets.
 *
 * @param descriptor bound, and connected where there is a peer
 * @param six whether it is of IPv6
 */
record DatagramSockets(int descriptor, boolean six) {
    private static final byte[] ANY4 = new byte[4];
    private static final byte[] ANY6 = new byte[16];

    /** Opens one. */
    static DatagramSockets open(Sockets sockets, DatagramSpec spec) throws IOException {
        InetAddress local = resolved(spec.local());
        if (spec.peer().isPresent()) {
            return connected(sockets, spec, local, spec.peer().get());
        }
        boolean[] six = new boolean[1];
        int socket = Wildcards.bind(sockets, local, spec.ownFamilyOnly(), (address, both) -> {
            six[0] = Sockets.family(address) == SocketLibc.AF_INET6;
            int opened = prepared(sockets, spec, address, both);
            return bound(sockets, spec, opened, address);
        });
        return new DatagramSockets(socket, six[0]);
    }

    private static InetAddress resolved(InetSocketAddress of) throws UnknownHostException {
        InetAddress address = of.getAddress();
        if (address == null) {
            throw new UnknownHostException(of.getHostString());
        }
        return address;
    }

    private static DatagramSockets connected(Sockets sockets, DatagramSpec spec, InetAddress local, InetSocketAddress peer) throws IOException {
        boolean six = Sockets.family(resolved(peer)) == SocketLibc.AF_INET6;
        InetAddress own = local.isAnyLocalAddress() ? InetAddress.getByAddress(six ? ANY6 : ANY4) : local;
        int socket = prepared(sockets, spec, own, false);
        if (spec.local().getPort() == 0) {
            // The port is chosen when it connects: one address serves as many sockets as there are pairs of ports.
            sockets.set(socket, SocketLibc.IPPROTO_IP, SocketLibc.IP_BIND_ADDRESS_NO_PORT, 1);
        }
        int answer = bound(sockets, spec, socket, own);
        if (answer < 0) {
            throw new SystemException(-answer);
        }
        if (sockets.connect(socket, peer) < 0) {
            SystemException refused = sockets.failure();
            sockets.close(socket);
            throw refused;
        }
        return new DatagramSockets(socket, Sockets.family(own) == SocketLibc.AF_INET6);
    }

    /** Binds it, or closes it and returns the errno negated. */
    private static int bound(Sockets sockets, DatagramSpec spec, int socket, InetAddress address) {
        if (spec.sharing() == Sharing.JOINS) {
            sockets.set(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEPORT, 1);
        }
        if (sockets.bind(socket, address, spec.local().getPort()) < 0) {
            int errno = sockets.libc().errno();
            sockets.close(socket);
            return -errno;
        }
        if (spec.sharing() == Sharing.FIRST) {
            // Set before, it would let this one join whoever has the address.
            sockets.set(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEPORT, 1);
        }
        return socket;
    }

    private static int prepared(Sockets sockets, DatagramSpec spec, InetAddress address, boolean both) throws IOException {
        int family = Sockets.family(address);
        boolean six = family == SocketLibc.AF_INET6;
        int socket = sockets.openDatagrams(family);
        if (socket < 0) {
            throw sockets.failure();
        }
        sockets.buffers(socket, spec.tuning());
        if (six) {
            sockets.set(socket, SocketLibc.IPPROTO_IPV6, SocketLibc.IPV6_V6ONLY, both ? 0 : 1);
            sockets.set(socket, SocketLibc.IPPROTO_IPV6, DatagramLibc.IPV6_RECVTCLASS, 1);
        }
        if (!six || both) {
            sockets.set(socket, SocketLibc.IPPROTO_IP, DatagramLibc.IP_RECVTOS, 1);
        }
        if (spec.peer().isPresent()) {
            set(sockets, socket, six, DatagramLibc.IP_RECVERR, DatagramLibc.IPV6_RECVERR);
        } else if (address.isAnyLocalAddress()) {
            set(sockets, socket, six, DatagramLibc.IP_PKTINFO, DatagramLibc.IPV6_RECVPKTINFO);
        }
        if (spec.trains()) {
            // Before Linux 5.0 there is no such option, and each datagram comes alone.
            sockets.set(socket, DatagramLibc.SOL_UDP, DatagramLibc.UDP_GRO, 1);
        }
        return socket;
    }

    private static void set(Sockets sockets, int socket, boolean six, int four, int ofSix) {
        sockets.set(socket, six ? SocketLibc.IPPROTO_IPV6 : SocketLibc.IPPROTO_IP, six ? ofSix : four, 1);
    }
}
