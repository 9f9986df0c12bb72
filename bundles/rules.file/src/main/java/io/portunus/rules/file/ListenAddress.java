// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ListenKey;
import io.portunus.model.SocketAddresses;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a surface of the node listens. Immutable.
 *
 * @param text as it was written
 * @param address address to bind; the any-address stands for every address
 * @param port port; 0 lets the system pick
 */
record ListenAddress(String text, InetAddress address, int port) {
    /** Reads {@code ip:port}, an IPv6 address in brackets. */
    static Optional<ListenAddress> parse(String text) {
        return SocketAddresses.parse(text).map(a -> new ListenAddress(text, a.getAddress(), a.getPort()));
    }

    /** The listener that others must leave alone. */
    ListenKey key() {
        return new ListenKey(Optional.of(address).filter(a -> !a.isAnyLocalAddress()), port);
    }

    /** Whether both cannot be bound at once; a port that the system picks never collides. */
    boolean collides(ListenAddress other) {
        return port == other.port && port != 0 && (address.isAnyLocalAddress() || other.address.isAnyLocalAddress() || address.equals(other.address));
    }
}
