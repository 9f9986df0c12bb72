// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where and how to listen.
 *
 * @param address where
 * @param backlog connections the kernel may hold that were not accepted yet (listen(2))
 * @param tuning options that accepted connections begin with
 * @param takesOver a socket of the same address, of whatever transport, which is closed once this one listens: a transport that can takes
 *     over its queue, so that no client waits in vain; one that cannot closes it first
 * @param ownFamilyOnly whether the wildcard address takes clients of its own family only, {@code 0.0.0.0} those of IPv4 and {@code ::} those of
 *     IPv6; else either takes both, as far as the system has both. Other addresses have one family anyway
 */
public record ListenSpec(InetSocketAddress address, int backlog, SocketTuning tuning, Optional<BoundSocket> takesOver, boolean ownFamilyOnly) {
    /** The wildcard address takes both families. */
    public ListenSpec(InetSocketAddress address, int backlog, SocketTuning tuning, Optional<BoundSocket> takesOver) {
        this(address, backlog, tuning, takesOver, false);
    }

    /** A new socket with the usual options. */
    public static ListenSpec at(InetSocketAddress address, int backlog) {
        return new ListenSpec(address, backlog, SocketTuning.DEFAULT, Optional.empty());
    }

    /** The same for clients of the address's own family. */
    public ListenSpec withOwnFamilyOnly() {
        return new ListenSpec(address, backlog, tuning, takesOver, true);
    }
}
