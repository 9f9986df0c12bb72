// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What identifies a listener.
 *
 * @param bind local address; {@code 0.0.0.0} means every IPv4 address and {@code ::} every IPv6 address; empty means every address of both
 * @param port TCP port
 */
public record ListenKey(Optional<InetAddress> bind, int port) {
    /** Whether one system cannot have both, as a connection could reach either. */
    public boolean overlaps(ListenKey other) {
        return port == other.port && overlap(bind, other.bind);
    }

    /** Whether two local addresses are, or hold, the same. */
    static boolean overlap(Optional<InetAddress> one, Optional<InetAddress> other) {
        if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.get() instanceof Inet6Address == other.get() instanceof Inet6Address;
        return sameFamily && (one.get().isAnyLocalAddress() || other.get().isAnyLocalAddress());
    }

    @Override
    public String toString() {
        return bind.map(IpLiterals::text).map(a -> a.indexOf(':') >= 0 ? "[" + a + "]" : a).orElse("*") + ":" + port;
    }
}
