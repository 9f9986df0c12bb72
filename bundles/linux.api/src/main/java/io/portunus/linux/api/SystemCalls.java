// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes sets of calls, one for each thread that makes some. It is a service only where native calls work, so who needs calls waits for it
 * and has nothing to ask. Thread-safe.
 *
 * <p>A set works for as long as it is held, also after the service has gone, and whoever gave it with it. So a reference to this service is
 * dynamic: who holds sockets takes sets from the newer service when there is one, and lets go those of the older, whose bundle can go
 * then; the sockets stay as they are, because a descriptor belongs to the process.
 */
@ProviderType
public interface SystemCalls {
    /** A set for sockets, for the use of one thread at a time. It allocates native memory, so it is kept, and not made for a call. */
    SocketLibc sockets();
}
