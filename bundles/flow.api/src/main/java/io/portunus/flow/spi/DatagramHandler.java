// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries sessions of datagrams, and begins them itself. Sessions keep the handler they began with, so one that is replaced, or deactivated,
 * gets no new sessions and carries the old ones to their end; the sockets that clients send to are the engine's. Thread-safe.
 */
@ConsumerType
public interface DatagramHandler extends ReasonOwner {
    /** Kind of the handler of UDP. */
    String UDP = "udp";

    /** Which datagrams it carries, {@link #UDP}; of several handlers of a kind one serves. */
    String kind();

    /**
     * Datagrams came of a client that has no session, on the loop of the listener's socket. The handler begins a session
     * ({@link DatagramListener#begin}), or drops them and reports that ({@link DatagramListener#refused}).
     *
     * @param batch has them; it is the engine's, and what is to be kept is copied before this returns
     * @param first the first of them; all are of one client to one local address
     * @param end the one behind the last
     */
    void arrived(DatagramBatch batch, int first, int end, DatagramListener listener);
}
