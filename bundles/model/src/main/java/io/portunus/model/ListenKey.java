// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What identifies a listener.
 *
 * @param bind local address; empty means every address, IPv4 and IPv6
 * @param port TCP port
 */
public record ListenKey(Optional<InetAddress> bind, int port) {
    @Override
    public String toString() {
        return bind.map(IpLiterals::text).map(a -> a.indexOf(':') >= 0 ? "[" + a + "]" : a).orElse("*") + ":" + port;
    }
}
