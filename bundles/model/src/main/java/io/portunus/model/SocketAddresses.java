// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
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

    /**
     * What a socket of the JDK is bound to so that {@code 0.0.0.0} takes IPv4 clients only. Its sockets are of both families where the system has
     * both, and it makes {@code ::} of {@code 0.0.0.0}; the same address as IPv6 spells it (RFC 4291 §2.5.5.2) stays IPv4's. Others are as they
     * were: {@code ::} takes clients of both families.
     */
    public static InetSocketAddress ownFamily(InetSocketAddress address) {
        boolean any = address.getAddress() instanceof Inet4Address four && four.isAnyLocalAddress();
        return any && Families.BOTH ? new InetSocketAddress(Families.MAPPED_ANY, address.getPort()) : address;
    }

    /** The address as it is read. */
    public static String text(InetSocketAddress address) {
        return append(new StringBuilder(), address).toString();
    }

    /** The same at the end of what the caller has, so that nothing is made for it. */
    public static StringBuilder append(StringBuilder text, InetSocketAddress address) {
        if (address.getAddress() instanceof Inet6Address) {
            return IpLiterals.append(text.append('['), address.getAddress()).append("]:").append(address.getPort());
        }
        return IpLiterals.append(text, address.getAddress()).append(':').append(address.getPort());
    }

    /** Looked at by who listens, and not by who only reads an address. */
    private static final class Families {
        static final InetAddress MAPPED_ANY = mappedAny();
        /** Whether this JVM, and the system, have IPv6. */
        static final boolean BOTH = both();

        private static boolean both() {
            try {
                ServerSocketChannel.open(StandardProtocolFamily.INET6).close();
                return true;
            } catch (UnsupportedOperationException | IOException without) {
                return false;
            }
        }

        private static InetAddress mappedAny() {
            byte[] octets = new byte[16];
            octets[10] = (byte) 0xff;
            octets[11] = (byte) 0xff;
            try {
                // With a scope, as without one it is folded to IPv4.
                return Inet6Address.getByAddress(null, octets, 0);
            } catch (UnknownHostException wrongLength) {
                throw new AssertionError(wrongLength);
            }
        }
    }
}
