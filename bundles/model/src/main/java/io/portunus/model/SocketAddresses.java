// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Socket addresses as operators write them and as surfaces show them: {@code 192.0.2.1:443}, {@code [2001:db8::1]:443}. */
public final class SocketAddresses {
    private SocketAddresses() {
    }

    /** Reads an address and a port from 0 to 65535; names are not looked up. Empty when the text is anything else. */
    public static Optional<InetSocketAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > PortRange.MAX_PORT) {
            return Optional.empty();
        }
        return host(text.substring(0, colon)).map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
    }

    /** Reads what stands before the port: an IPv4 literal, or an IPv6 literal in brackets. */
    public static Optional<InetAddress> host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        return literal.contains(":") == bracketed ? IpLiterals.parse(literal) : Optional.empty();
    }

    /** The address as it is read. */
    public static String text(InetSocketAddress address) {
        String host = IpLiterals.text(address.getAddress());
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
