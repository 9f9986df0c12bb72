// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sockets and event loops. It owns every socket: one that is taken away lets its sockets live, and carries them to their end. Of several
 * one carries a listener, and the flows that come in by it to their end: the one that its rules name, or else the configuration, or else the one
 * of the highest {@code service.ranking}. For the file to have its name, its bundle declares it in its manifest, {@code Portunus-Provides:
 * transport;kind=NAME}. Thread-safe.
 */
@ConsumerType
public interface Transport {
    /** Name for surfaces, and by which rules ask for it: lower-case letters, digits and dashes, a letter first. */
    String name();

    /** Its loops, a fixed list. */
    List<EventLoop> loops();

    /**
     * Binds and starts to accept.
     *
     * @param onAccept called with each connection on the loop that it will live on
     * @throws ListenException when the address cannot be bound; what {@link ListenSpec#takesOver} names may be closed by then
     */
    BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws ListenException;

    /**
     * Connects; called on the loop that the stream will live on. A cancelled attempt calls nobody and leaves no socket behind. The listener
     * may be called before this method returns. A connection with itself ({@link ConnectSpec#reachesItself}) fails as one that was refused. What
     * fails is reported as a {@link ConnectFailure}, never thrown.
     */
    Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done);

    /**
     * Has other loops accept what would come to one that does not turn, those who wait in its queues already among it; or has it accept alone again.
     * It holds for the listeners there are and for those that come. Called by threads that are no loops, of which none is waited for; to ask for
     * what is so already changes nothing.
     *
     * @param loop one of {@link #loops}
     * @param around whether others accept in its place
     * @return whether others do, as is the case while one of them is not gone around itself; false where the transport cannot choose who accepts:
     *     then a share of new connections waits until the loop turns
     */
    default boolean bypass(EventLoop loop, boolean around) {
        return false;
    }

    /**
     * Opens a datagram socket; called on the loop that it will live on.
     *
     * @return empty where the transport has none
     * @throws ListenException when the address cannot be bound, or the peer cannot be connected to
     */
    default Optional<DatagramPort> datagrams(EventLoop loop, DatagramSpec spec) throws ListenException {
        return Optional.empty();
    }
}
