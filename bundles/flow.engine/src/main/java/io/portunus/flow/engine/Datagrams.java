// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.EventLoop;
import io.portunus.model.ListenKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What all listeners of datagrams share. Thread-safe; a batch is confined to its loop. */
final class Datagrams {
    /** Datagrams that are received at once; each has room for the longest there is, so a batch has 2 MiB. */
    private static final int BATCH = 32;

    /** Sockets of listeners that went, as long as they have sessions. */
    private final Map<ListenKey, DatagramSockets> leaving = new ConcurrentHashMap<>();
    /** One a loop that ever had a listener of datagrams. */
    private final Map<EventLoop, DatagramBatch> batches = new ConcurrentHashMap<>();

    /** What datagrams are received into on a loop, by all sockets that clients send to there. */
    DatagramBatch batch(EventLoop loop) {
        return batches.computeIfAbsent(loop, its -> new DatagramBatch(BATCH, DatagramBatch.MAX_BYTES));
    }

    /** The sockets of a listener that went: they stay until their last session has ended. */
    void leaves(ListenKey key, DatagramSockets sockets) {
        leaving.put(key, sockets);
        sockets.close(() -> leaving.remove(key, sockets));
    }

    /** Sockets that sessions have kept of a listener like this, which goes on with them. */
    Optional<DatagramSockets> left(EngineListener listener) {
        return Optional.ofNullable(leaving.remove(listener.key())).filter(sockets -> sockets.reopen(listener));
    }
}
