// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Protocol;
import org.osgi.annotation.versioning.ConsumerType;

/** Reads, and takes away, what stands before a client's own bytes. Thread-safe; its filterings are not. */
@ConsumerType
public interface ListenerFilter extends ReasonOwner {
    /** The PROXY protocol's header. */
    String PROXY = "proxy";

    /** What it takes away, {@link #PROXY}; of several of a kind one serves. */
    String kind();

    /**
     * Begins with a new connection, or with one datagram, which is whole: of datagrams each has what stands there. It shows where it ends by
     * itself, so what begins with the same bytes as a datagram that was looked at has the same before it, and is not looked at again.
     *
     * @param protocol of the client
     */
    Filtering begin(Protocol protocol);
}
