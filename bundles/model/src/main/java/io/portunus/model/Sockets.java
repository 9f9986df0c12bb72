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
 */
public record Sockets(SocketTuning downstream, SocketTuning upstream, Optional<InetAddress> source, Optional<String> transport) {
    /** Nothing is said. */
    public static final Sockets DEFAULT = new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT, Optional.empty(), Optional.empty());
}
