// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Listener;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries flows from accept to close. Flows keep the handler they began with, so a handler that is replaced, or deactivated, gets no new
 * flows and carries the old ones to their end. Thread-safe.
 */
@ConsumerType
public interface FlowHandler extends ReasonOwner {
    /** Kind of the handler of TCP connections. */
    String TCP = "tcp";

    /** Which flows it carries, {@link #TCP}; of several handlers of a kind one serves. */
    String kind();

    /**
     * Takes over a connection, on its loop. The handler owns the stream from here on and calls {@link LiveFlow#closed} exactly once.
     *
     * @param downstream the accepted connection
     * @param listener the listener it came in by, as it was at accept
     * @param flow its entry among the live flows, and what it may ask for
     */
    void accepted(Stream downstream, Listener listener, StreamFlow flow);
}
