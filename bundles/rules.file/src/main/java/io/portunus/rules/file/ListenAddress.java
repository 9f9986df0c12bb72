// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.IpLiterals;
import io.portunus.model.ListenKey;
import io.portunus.model.PortRange;
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
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        Optional<InetAddress> address = IpLiterals.parse(literal).filter(a -> bracketed == literal.indexOf(':') >= 0 && !literal.startsWith("["));
        boolean number = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= PortRange.MAX_PORT;
        return address.filter(a -> number).map(a -> new ListenAddress(text, a, Integer.parseInt(port)));
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
