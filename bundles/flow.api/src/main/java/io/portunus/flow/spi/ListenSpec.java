// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where and how to listen.
 *
 * @param address where; the wildcard address takes IPv4 and IPv6
 * @param backlog connections the kernel may hold that were not accepted yet (listen(2))
 * @param tuning options that accepted connections begin with
 * @param takesOver a socket of the same address, of whatever transport, which is closed once this one listens: a transport that can takes
 *     over its queue, so that no client waits in vain; one that cannot closes it first
 */
public record ListenSpec(InetSocketAddress address, int backlog, SocketTuning tuning, Optional<BoundSocket> takesOver) {
    /** A new socket with the usual options. */
    public static ListenSpec at(InetSocketAddress address, int backlog) {
        return new ListenSpec(address, backlog, SocketTuning.DEFAULT, Optional.empty());
    }
}
