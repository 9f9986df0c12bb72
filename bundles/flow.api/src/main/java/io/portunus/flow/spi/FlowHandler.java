// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Listener;
import org.osgi.annotation.versioning.ConsumerType;

/** Carries flows from accept to close. Flows keep the handler they began with. Thread-safe. */
@ConsumerType
public interface FlowHandler {
    /** Version shown beside the flows it carries. */
    String version();

    /**
     * Takes over a connection, on its loop. The handler owns the stream from here on and calls {@link LiveFlow#closed} exactly once.
     *
     * @param downstream the accepted connection
     * @param listener the listener it came in by, as it was at accept
     * @param flow its entry among the live flows
     * @param host what the engine offers
     */
    void accepted(Stream downstream, Listener listener, LiveFlow flow, FlowHost host);
}
