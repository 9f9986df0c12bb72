// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sockets and event loops. It owns every socket: one that is taken away lets its sockets live, and carries them to their end. Of several
 * one carries a listener, and the flows that come in by it to their end. Thread-safe.
 */
@ConsumerType
public interface Transport {
    /** Name for surfaces, {@code "xnio"}. */
    String name();

    /** Its loops, a fixed list. */
    List<EventLoop> loops();

    /**
     * Binds and starts to accept.
     *
     * @param onAccept told of each connection on the loop that it will live on
     * @throws IOException when the address cannot be bound
     */
    BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws IOException;

    /**
     * Connects; called on the loop that the stream will live on. A cancelled attempt tells nobody and leaves no socket behind. The listener
     * may be told before this method returns. A connection with itself ({@link ConnectSpec#reachesItself}) fails as one that was refused.
     */
    Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done);
}
