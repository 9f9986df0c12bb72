// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Finds out whether a header can declare the ends of a connection. */
final class HeaderAddresses {
    private HeaderAddresses() {
    }

    /**
     * The same addresses, IPv4-mapped ones folded and without zones. Empty when one of them is none, when their families differ, or when one
     * needs its zone: neither version has room for it, and without it the address names some other host as well.
     */
    static Optional<Addresses> of(Addresses ends) {
        Optional<InetSocketAddress> client = writable(ends.client());
        Optional<InetSocketAddress> local = writable(ends.local());
        return client.isPresent() && local.isPresent() && width(client.get()) == width(local.get())
            ? Optional.of(new Addresses(client.get(), local.get()))
            : Optional.empty();
    }

    private static Optional<InetSocketAddress> writable(InetSocketAddress end) {
        InetAddress address = end.getAddress();
        if (end.isUnresolved() || address instanceof Inet6Address six && six.isLinkLocalAddress() && zoned(six)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address.getAddress()), end.getPort()));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("the bytes of an address are an address", impossible);
        }
    }

    private static boolean zoned(Inet6Address address) {
        return address.getScopeId() != 0 || address.getScopedInterface() != null;
    }

    private static int width(InetSocketAddress end) {
        return end.getAddress().getAddress().length;
    }
}
