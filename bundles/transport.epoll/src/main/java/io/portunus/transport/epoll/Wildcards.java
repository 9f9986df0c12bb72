// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Binds to the wildcard of both families where the system has both, unless one alone is asked for; to another address as it is. */
final class Wildcards {
    private static final byte[] ANY4 = new byte[4];
    private static final byte[] ANY6 = new byte[16];

    private Wildcards() {
    }

    /** Opens a socket and binds it. */
    interface Binding {
        /**
         * Binds.
         *
         * @param both whether an IPv6 socket takes IPv4, too
         * @return a socket that is bound, or the errno of bind(2) negated
         */
        int bind(InetAddress address, boolean both) throws IOException;
    }

    /**
     * A socket that is bound.
     *
     * @param ownFamilyOnly whether the wildcard is that of its own family
     */
    static int bind(Sockets sockets, InetAddress address, boolean ownFamilyOnly, Binding binding) throws IOException {
        boolean everywhere = address.isAnyLocalAddress() && !ownFamilyOnly;
        InetAddress first = everywhere ? any(sockets) : address;
        int socket = binding.bind(first, everywhere);
        if (socket == -SocketLibc.EADDRNOTAVAIL && everywhere && first instanceof Inet6Address) {
            // Compiled in, but switched off (net.ipv6.conf.all.disable_ipv6).
            socket = binding.bind(InetAddress.getByAddress(ANY4), true);
        }
        if (socket < 0) {
            throw new SystemException(-socket);
        }
        return socket;
    }

    private static InetAddress any(Sockets sockets) throws UnknownHostException {
        int probe = sockets.open(SocketLibc.AF_INET6);
        if (probe >= 0) {
            sockets.close(probe);
        }
        return InetAddress.getByAddress(probe >= 0 ? ANY6 : ANY4);
    }
}
