// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.SocketTuning;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where and how to connect.
 *
 * @param endpoint where
 * @param source local address to come from; the port stays the system's choice, made when the connection is, so that one address serves
 *     as many connections as there are pairs of ports ({@code IP_BIND_ADDRESS_NO_PORT}, ip(7), as far as the transport can set it)
 * @param tuning options of the connection, set before it is made
 */
public record ConnectSpec(InetSocketAddress endpoint, Optional<InetAddress> source, SocketTuning tuning) {
    /** From any address, with the usual options. */
    public static ConnectSpec to(InetSocketAddress endpoint) {
        return new ConnectSpec(endpoint, Optional.empty(), SocketTuning.DEFAULT);
    }

    /**
     * Whether a connection is one with itself: the system gave it the port of an endpoint on this machine where nobody listens, and its request
     * met itself (simultaneous open, RFC 9293 §3.5). It is no connection to anybody, so whoever connects takes it for a refusal.
     *
     * @param local where it comes from
     * @param endpoint where it goes; the wildcard is this machine
     */
    public static boolean reachesItself(InetSocketAddress local, InetSocketAddress endpoint) {
        return local.getPort() == endpoint.getPort()
            && (local.getAddress().equals(endpoint.getAddress()) || endpoint.getAddress().isAnyLocalAddress());
    }
}
