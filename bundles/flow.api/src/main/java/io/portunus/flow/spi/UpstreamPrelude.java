// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Says something to a target before the client's first byte. Thread-safe. */
@ConsumerType
public interface UpstreamPrelude {
    /** The PROXY protocol's header. */
    String PROXY = "proxy";

    /** What it says, {@link #PROXY}; of several of a kind one serves. */
    String kind();

    /** The bytes to send first, at most {@value #MAX_BYTES}; none when there is nothing to say. Never fails: what cannot be told is left out. */
    byte[] bytes(PreludeFacts facts);

    /** Longest prelude. */
    int MAX_BYTES = 4096;
}
