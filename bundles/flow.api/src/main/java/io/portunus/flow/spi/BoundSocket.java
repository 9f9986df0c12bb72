// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A listening socket, or several that share an address. Thread-safe. */
@ProviderType
public interface BoundSocket extends AutoCloseable {
    /** Address it listens on, with the port the system gave. */
    InetSocketAddress address();

    /**
     * The descriptors of its sockets, each of which has a queue of its own (SO_REUSEPORT, socket(7)), valid until it is closed; empty when
     * they cannot be found out.
     */
    List<Integer> descriptors();

    /** Stops listening; connections that were accepted live on. */
    @Override
    void close();
}
