// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.ListenKey;
import io.portunus.model.SocketAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a surface of the node listens. Immutable.
 *
 * @param text as it was written
 * @param address address to bind; the any-address stands for every address of its family
 * @param port port; 0 lets the system pick
 * @param dualStack whether {@code ::} takes clients of IPv4, too
 */
record ListenAddress(String text, InetAddress address, int port, boolean dualStack) {
    /** An address that takes clients of its own family. */
    ListenAddress(String text, InetAddress address, int port) {
        this(text, address, port, false);
    }

    ListenAddress withDualStack(boolean both) {
        return new ListenAddress(text, address, port, both);
    }

    /** Reads {@code ip:port}, an IPv6 address in brackets. */
    static Optional<ListenAddress> parse(String text) {
        return SocketAddresses.parse(text).map(a -> new ListenAddress(text, a.getAddress(), a.getPort()));
    }

    /** The listener that others must leave alone: {@code ::} is bound for both families, and turns clients of IPv4 away. */
    ListenKey key() {
        return ListenKey.tcp(Optional.of(address).filter(a -> !a.isAnyLocalAddress() || a instanceof Inet4Address), port);
    }

    /** The same address, and a port that the system picks. */
    ListenAddress anyPort() {
        InetSocketAddress free = new InetSocketAddress(address, 0);
        return new ListenAddress(SocketAddresses.text(free), address, 0);
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(address, port);
    }

    /** Whether both cannot be bound at once; a port that the system picks never collides. */
    boolean collides(ListenAddress other) {
        return port != 0 && key().overlaps(other.key());
    }
}
