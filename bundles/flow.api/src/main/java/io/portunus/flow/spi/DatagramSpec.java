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
 * @param sharing who else may have the address
 */
public record DatagramSpec(InetSocketAddress local, Optional<InetSocketAddress> peer, SocketTuning tuning, boolean ownFamilyOnly, boolean trains,
        Sharing sharing) {
    /**
     * Whether several sockets have one address, as one a loop has (SO_REUSEPORT, socket(7)). The system spreads peers between them by a hash: what
     * comes from one peer comes to one socket, until a socket joins or leaves. So the first is opened, and then the others with the port that it has.
     */
    public enum Sharing {
        /** It is the only one: an address that somebody has is refused. */
        ALONE,
        /** An address that somebody has is refused; others may join later. */
        FIRST,
        /** It joins those that are there, of which each was opened as the first or to join; the same process has them all. */
        JOINS
    }

    /** The only socket of its address. */
    public DatagramSpec(InetSocketAddress local, Optional<InetSocketAddress> peer, SocketTuning tuning, boolean ownFamilyOnly, boolean trains) {
        this(local, peer, tuning, ownFamilyOnly, trains, Sharing.ALONE);
    }

    /** One that talks with everybody, with the usual options, a datagram an entry. */
    public static DatagramSpec at(InetSocketAddress local) {
        return new DatagramSpec(local, Optional.empty(), SocketTuning.DEFAULT, false, false);
    }

    /** The same, connected to a peer. */
    public DatagramSpec connectedTo(InetSocketAddress only) {
        return new DatagramSpec(local, Optional.of(only), tuning, ownFamilyOnly, trains, sharing);
    }

    /** The same, with others on its address. */
    public DatagramSpec sharing(Sharing with) {
        return new DatagramSpec(local, peer, tuning, ownFamilyOnly, trains, with);
    }

    /**
     * What every port checks before it receives: a train that is cut would be several datagrams lost.
     *
     * @throws IllegalArgumentException when trains may come, and slots are shorter than they may be
     */
    public static void checkRoom(boolean trains, DatagramBatch batch) {
        if (trains && batch.slotBytes() < DatagramBatch.MAX_BYTES) {
            throw new IllegalArgumentException("a slot of " + batch.slotBytes() + " bytes is too short for a train of datagrams");
        }
    }
}
