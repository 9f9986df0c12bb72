// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** Sockets and event loops. It owns every socket, so it is replaced at a restart only. Thread-safe. */
@ConsumerType
public interface Transport {
    /** Name for surfaces, {@code "xnio"}. */
    String name();

    /** Its loops, a fixed list. */
    List<EventLoop> loops();

    /**
     * Binds and starts to accept.
     *
     * @param address where; the wildcard address takes IPv4 and IPv6
     * @param backlog connections the kernel may hold that were not accepted yet (listen(2))
     * @param onAccept told of each connection on the loop that it will live on
     * @throws IOException when the address cannot be bound
     */
    BoundSocket listen(InetSocketAddress address, int backlog, Consumer<Stream> onAccept) throws IOException;

    /**
     * Connects; called on the loop that the stream will live on. A cancelled attempt tells nobody and leaves no socket behind. The listener
     * may be told before this method returns.
     */
    Cancellable connect(EventLoop loop, InetSocketAddress address, ConnectListener done);
}
