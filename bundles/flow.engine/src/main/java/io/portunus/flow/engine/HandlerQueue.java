// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Connections that came while no handler was there. They wait, bounded in number and time, for the next one; nobody routes them
 * meanwhile. Thread-safe; never touched while a handler is there.
 */
final class HandlerQueue {
    /** Connections that may wait, unless fewer flows may be open at all. */
    static final int MAX_WAITING = 4096;
    /** How long each may wait. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<Waiting> waiting = new ArrayList<>();
    private final Engine engine;

    HandlerQueue(Engine engine) {
        this.engine = engine;
    }

    /** One connection that waits. Taken once, by the handler or by its deadline. */
    private static final class Waiting {
        private final Stream stream;
        private final EngineListener listener;
        private final AtomicBoolean taken = new AtomicBoolean();
        private Cancellable deadline = () -> { };

        Waiting(Stream stream, EngineListener listener) {
            this.stream = stream;
            this.listener = listener;
        }
    }

    /** Takes a connection in, on its loop. */
    void add(Stream stream, EngineListener listener) {
        Waiting entry = new Waiting(stream, listener);
        synchronized (waiting) {
            if (waiting.size() < Math.min(MAX_WAITING, engine.limits().maxConnections()) && !engine.draining()) {
                waiting.add(entry);
                entry.deadline = stream.loop().after(PATIENCE, () -> expire(entry));
                return;
            }
        }
        engine.refuse(stream, listener, CloseReason.NO_HANDLER);
    }

    private void expire(Waiting entry) {
        synchronized (waiting) {
            waiting.remove(entry);
        }
        if (entry.taken.compareAndSet(false, true)) {
            engine.refuse(entry.stream, entry.listener, CloseReason.NO_HANDLER);
        }
    }

    /** Gives every waiting connection to the engine again, each on its own loop. */
    void release() {
        forAll(entry -> engine.accepted(entry.stream, entry.listener));
    }

    /** Refuses every waiting connection: the node shuts down. */
    void refuse() {
        forAll(entry -> engine.refuse(entry.stream, entry.listener, CloseReason.DRAINED));
    }

    private void forAll(Consumer<Waiting> action) {
        List<Waiting> all;
        synchronized (waiting) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        for (Waiting entry : all) {
            entry.stream.loop().execute(() -> {
                if (entry.taken.compareAndSet(false, true)) {
                    entry.deadline.cancel();
                    action.accept(entry);
                }
            });
        }
    }
}
