// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One bound datagram socket. What {@link Stream} is to a connection: confined to {@link #loop()}, where every method but {@link #local()} is
 * called; what peers can cause is an answer, never an exception; no call blocks. Datagrams come and go in batches, so that one system call may
 * carry many (recvmmsg(2), sendmmsg(2)); one without such calls moves them one by one and nobody sees a difference. A datagram stays a datagram:
 * it is never merged with others or cut, but for a train and for one that was longer than its slot, which are marked as such.
 */
@ConsumerType
public interface DatagramPort {
    /** Answer of {@link #receive} and {@link #send}: it is closed. */
    int CLOSED = -1;

    /** The loop it is confined to. */
    EventLoop loop();

    /** Where it is bound, with the port the system gave; IPv4-mapped addresses are folded to IPv4. */
    InetSocketAddress local();

    /** The peer that it is connected to. */
    Optional<InetSocketAddress> peer();

    /**
     * Clears the batch and fills it with what is there, in the order in which it came, as far as it has room. An empty datagram is one. A
     * transport that learns less than the system of each datagram has 0 for its ECN, and no local address for one that came to an address which no
     * interface lists.
     *
     * @return entries that were filled, 0 for nothing now, or {@link #CLOSED}
     */
    int receive(DatagramBatch batch);

    /**
     * Sends entries of the batch, in their order: to their peer, or to the only one of a connected socket; from their local address, where they
     * have one, since a client takes an answer only from the address it asked (IP_PKTINFO, ip(7)). One that cannot be sent at all, because it is
     * too long or there is no way, counts as sent, as one that is lost on the way does; a connected socket has a fault for it.
     *
     * @param first the first of them
     * @param end the one behind the last
     * @return how many were sent, 0 when there is no room now, or {@link #CLOSED}; the others are to be sent again or dropped
     */
    int send(DatagramBatch batch, int first, int end);

    /**
     * The next thing that was learnt since it was asked last, at most one of a kind; a socket that is not connected learns nothing, for what one
     * peer causes is nothing of the others. Faults make it readable, and none of them closes it.
     */
    Optional<DatagramFault> fault();

    /** Registers interest in events; both off means silence. Readiness is level-triggered. */
    void interest(boolean read, boolean write);

    /** Sets who is notified of events; replaces the former one, and is let go when it is closed. */
    void events(DatagramEvents events);

    /** Closes it; what was received and not fetched is lost. Does nothing when it is closed. */
    void close();
}
