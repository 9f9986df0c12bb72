// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.SocketTuning;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What datagram socket to open.
 *
 * @param local where it is bound; with port 0 the system chooses one. The wildcard takes what comes to any address, and reports which
 *     ({@link DatagramBatch#local})
 * @param peer the only one that it talks with, connected (udp(7)): the system passes nothing else on, and reports what it learns of it
 *     ({@link DatagramPort#fault}); empty for one that talks with everybody
 * @param tuning sizes of its buffers; of the rest nothing is for datagrams
 * @param ownFamilyOnly as {@link ListenSpec#ownFamilyOnly}
 * @param trains whether an entry may hold several datagrams of one size that came in a row (UDP_GRO, udp(7)); then slots have
 *     {@link DatagramBatch#MAX_BYTES}
 */
public record DatagramSpec(InetSocketAddress local, Optional<InetSocketAddress> peer, SocketTuning tuning, boolean ownFamilyOnly, boolean trains) {
    /** One that talks with everybody, with the usual options, a datagram an entry. */
    public static DatagramSpec at(InetSocketAddress local) {
        return new DatagramSpec(local, Optional.empty(), SocketTuning.DEFAULT, false, false);
    }

    /** The same, connected to a peer. */
    public DatagramSpec connectedTo(InetSocketAddress only) {
        return new DatagramSpec(local, Optional.of(only), tuning, ownFamilyOnly, trains);
    }
}
