// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What identifies a listener.
 *
 * @param protocol protocol of the port
 * @param bind local address; {@code 0.0.0.0} means every IPv4 address and {@code ::} every IPv6 address; empty means every address of both
 * @param port port of the protocol
 */
public record ListenKey(Protocol protocol, Optional<InetAddress> bind, int port) {
    /** A listener of TCP. */
    public static ListenKey tcp(Optional<InetAddress> bind, int port) {
        return new ListenKey(Protocol.TCP, bind, port);
    }

    /** The listener of another local address on the same port. */
    ListenKey at(Optional<InetAddress> other) {
        return new ListenKey(protocol, other, port);
    }

    /** Whether one system cannot have both, as a connection could reach either. */
    public boolean overlaps(ListenKey other) {
        return protocol == other.protocol && port == other.port && overlap(bind, other.bind);
    }

    /** Whether two local addresses are, or hold, the same. */
    static boolean overlap(Optional<InetAddress> one, Optional<InetAddress> other) {
        if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.get() instanceof Inet6Address == other.get() instanceof Inet6Address;
        return sameFamily && (one.get().isAnyLocalAddress() || other.get().isAnyLocalAddress());
    }

    /** Address and port as operators write them, {@code "*:443"}; of another protocol than TCP with its name, {@code "*:53/udp"}. */
    @Override
    public String toString() {
        return bind.map(IpLiterals::text).map(a -> a.indexOf(':') >= 0 ? "[" + a + "]" : a).orElse("*") + ":" + port
            + (protocol == Protocol.TCP ? "" : "/" + protocol.code());
    }
}
