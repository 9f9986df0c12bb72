// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** Writes a header to a target before the client's first byte. Thread-safe. */
@ConsumerType
public interface UpstreamHeader {
    /** The PROXY protocol's header. */
    String PROXY = "proxy";

    /** What it writes, {@link #PROXY}; of several of a kind one serves. */
    String kind();

    /** The bytes to send first, at most {@value #MAX_BYTES}; none when there is nothing to send. Never fails: what cannot be sent is left out. */
    byte[] bytes(HeaderFacts facts);

    /** Longest header. */
    int MAX_BYTES = 4096;
}
