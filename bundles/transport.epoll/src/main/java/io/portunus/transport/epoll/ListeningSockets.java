// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.ListenSpec;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors of one listener, one at least for each loop. Options that accepted connections begin with are set on them: those inherit.
 *
 * @param descriptors open, and listening
 * @param queues how many sockets they are of, and so how many queues there are (SO_REUSEPORT, socket(7)): the first descriptors are of one
 *     each, and the others of the same, in turn
 * @param port that they listen on
 */
record ListeningSockets(List<Integer> descriptors, int queues, int port) {
    /** Binds. */
    static ListeningSockets bind(Sockets sockets, ListenSpec spec, int count) throws IOException {
        InetAddress address = spec.address().getAddress();
        if (address == null) {
            throw new UnknownHostException(spec.address().getHostString());
        }
        List<Integer> opened = new ArrayList<>(count);
        try {
            // Bound without SO_REUSEPORT, so that a port somebody else has is refused; after that it lets the others join.
            int first = first(sockets, spec, opened);
            int port = sockets.local(first).getPort();
            sockets.set(first, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEPORT, 1);
            listen(sockets, first, spec.backlog());
            boolean shared = count > 1 && !join(sockets, spec, port, count, opened);
            if (shared) {
                share(sockets, List.of(first), count, opened);
            }
            return new ListeningSockets(List.copyOf(opened), shared ? 1 : count, port);
        } catch (IOException refused) {
            opened.forEach(sockets::close);
            throw refused;
        }
    }

    private static int first(Sockets sockets, ListenSpec spec, List<Integer> opened) throws IOException {
        return Wildcards.bind(sockets, spec.address().getAddress(), spec.ownFamilyOnly(), (address, both) -> bound(sockets, spec, address, opened));
    }

    /** A socket that is bound, or the errno negated. */
    private static int bound(Sockets sockets, ListenSpec spec, InetAddress address, List<Integer> opened) throws IOException {
        int socket = prepared(sockets, spec, address);
        if (sockets.bind(socket, address, spec.address().getPort()) < 0) {
            int errno = sockets.libc().errno();
            sockets.close(socket);
            return -errno;
        }
        opened.add(socket);
        return socket;
    }

    private static int prepared(Sockets sockets, ListenSpec spec, InetAddress address) throws IOException {
        int socket = sockets.open(Sockets.family(address));
        if (socket < 0) {
            throw sockets.failure();
        }
        sockets.set(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEADDR, 1);
        if (Sockets.family(address) == SocketLibc.AF_INET6) {
            sockets.set(socket, SocketLibc.IPPROTO_IPV6, SocketLibc.IPV6_V6ONLY,
                address.isAnyLocalAddress() && !spec.ownFamilyOnly() ? 0 : 1);
        }
        sockets.prepare(socket, spec.tuning());
        return socket;
    }

    private static void listen(Sockets sockets, int socket, int backlog) throws IOException {
        if (sockets.libc().listen(socket, backlog) < 0) {
            throw sockets.failure();
        }
    }

    /** Opens the others beside the first; false, and none of them, if the system does not have it. */
    private static boolean join(Sockets sockets, ListenSpec spec, int port, int count, List<Integer> opened) throws IOException {
        InetSocketAddress where = new InetSocketAddress(sockets.local(opened.getFirst()).getAddress(), port);
        for (int i = 1; i < count; i++) {
            int socket = prepared(sockets, spec, where.getAddress());
            opened.add(socket);
            if (sockets.set(socket, SocketLibc.SOL_SOCKET, SocketLibc.SO_REUSEPORT, 1) < 0
                || sockets.bind(socket, where.getAddress(), port) < 0 || sockets.libc().listen(socket, spec.backlog()) < 0) {
                opened.subList(1, opened.size()).forEach(sockets::close);
                opened.subList(1, opened.size()).clear();
                return false;
            }
        }
        return true;
    }

    /** Takes over sockets that listen: their queues are shared until the one who had them closes. */
    static ListeningSockets takeOver(Sockets sockets, ListenSpec spec, List<Integer> descriptors, int count) throws IOException {
        List<Integer> opened = new ArrayList<>(count);
        try {
            share(sockets, descriptors, Math.max(count, descriptors.size()), opened);
            for (int socket : opened.subList(0, descriptors.size())) {
                adopt(sockets, spec, socket);
            }
            return new ListeningSockets(List.copyOf(opened), descriptors.size(), sockets.local(opened.getFirst()).getPort());
        } catch (IOException refused) {
            opened.forEach(sockets::close);
            throw refused;
        }
    }

    private static void adopt(Sockets sockets, ListenSpec spec, int socket) throws IOException {
        int flags = sockets.libc().fcntl(socket, Libc.F_GETFL, 0);
        if (flags < 0 || sockets.libc().fcntl(socket, Libc.F_SETFL, flags | Libc.O_NONBLOCK) < 0) {
            throw sockets.failure();
        }
        sockets.prepare(socket, spec.tuning());
        listen(sockets, socket, spec.backlog());
    }

    /** Duplicates descriptors, in turn, until there are so many. */
    private static void share(Sockets sockets, List<Integer> descriptors, int count, List<Integer> opened) throws IOException {
        while (opened.size() < count) {
            int copy = sockets.libc().fcntl(descriptors.get(opened.size() % descriptors.size()), Libc.F_DUPFD_CLOEXEC, 0);
            if (copy < 0) {
                throw sockets.failure();
            }
            opened.add(copy);
        }
    }

    /** Whether loops accept from one queue. */
    boolean shared() {
        return queues < descriptors.size();
    }

    /** One descriptor of each queue. */
    List<Integer> ofQueues() {
        return descriptors.subList(0, queues);
    }
}
