// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The sockets of a rule's connections.
 *
 * @param downstream options of the client's side
 * @param upstream options of the target's side
 * @param source local address that connections to targets come from, if one is said
 * @param transport name of the transport that carries them, {@code "epoll"}; empty for the node's choice
 * @param layers what wraps them
 */
public record Sockets(SocketTuning downstream, SocketTuning upstream, Optional<InetAddress> source, Optional<String> transport, Layers layers) {
    /** Nothing is said. */
    public static final Sockets DEFAULT = new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), Optional.empty());

    /** Nothing wraps them. */
    public Sockets(SocketTuning downstream, SocketTuning upstream, Optional<InetAddress> source, Optional<String> transport) {
        this(downstream, upstream, source, transport, Layers.NONE);
    }

    /** The same, wrapped by others. */
    public Sockets withLayers(Layers others) {
        return new Sockets(downstream, upstream, source, transport, others);
    }
}
