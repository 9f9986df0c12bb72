// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/** A listening socket. Thread-safe. */
@ProviderType
public interface BoundSocket extends AutoCloseable {
    /** Address it listens on, with the port the system gave. */
    InetSocketAddress address();

    /** The descriptor of its socket, valid until it is closed; -1 when it cannot be found out. */
    int descriptor();

    /** Stops listening; connections that were accepted live on. */
    @Override
    void close();
}
