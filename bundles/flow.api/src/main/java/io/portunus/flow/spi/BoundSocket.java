// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/** A listening socket. Thread-safe. */
@ProviderType
public interface BoundSocket extends AutoCloseable {
    /** Address it listens on, with the port the system gave. */
    InetSocketAddress address();

    /** Stops listening; connections that were accepted live on. */
    @Override
    void close();
}
