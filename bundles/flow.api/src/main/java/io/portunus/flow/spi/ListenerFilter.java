// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Reads, and takes away, what stands before a client's own bytes. Thread-safe; its filterings are not. */
@ConsumerType
public interface ListenerFilter extends ReasonOwner {
    /** The PROXY protocol's header. */
    String PROXY = "proxy";

    /** What it takes away, {@link #PROXY}; of several of a kind one serves. */
    String kind();

    /** Begins with a new connection. */
    Filtering begin();
}
