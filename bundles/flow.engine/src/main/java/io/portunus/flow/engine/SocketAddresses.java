// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import java.net.InetSocketAddress;

/** Socket addresses as surfaces show them. */
final class SocketAddresses {
    private SocketAddresses() {
    }

    /** {@code 192.0.2.1:443}, {@code [2001:db8::1]:443}. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
