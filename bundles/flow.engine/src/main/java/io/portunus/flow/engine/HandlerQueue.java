// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Connections that came while not everybody who serves them was there. They wait, bounded in number and time, until everybody is, or whoever
 * is missing is given up and rules that do without can take them; nobody routes them meanwhile. Thread-safe; never touched while nothing is
 * missing.
 */
final class HandlerQueue {
    /** Connections that may wait, unless fewer flows may be open at all. */
    static final int MAX_WAITING = 4096;
    /** How long each may wait, from its accept on. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private final Engine engine;

    HandlerQueue(Engine engine) {
        this.engine = engine;
    }

    /** One connection that waits. Its deadline is confined to its loop. */
    private final class Waiting {
        private final Connection connection;
        private Cancellable deadline = () -> { };

        Waiting(Connection connection) {
            this.connection = connection;
        }

        /** On the loop: serves it if everything is there by now, else it goes on waiting. */
        void serve() {
            if (waits(this) && engine.serve(connection)) {
                leave();
            }
        }

        /** Its time is over: what it waited for may be passed over by now. */
        void serveOrRefuse() {
            serve();
            refuse(CloseReason.NO_HANDLER);
        }

        void refuse(CloseReason reason) {
            if (leave()) {
                engine.refuse(connection, reason);
            }
        }

        private boolean leave() {
            deadline.cancel();
            synchronized (waiting) {
                return waiting.remove(this);
            }
        }
    }

    private boolean waits(Waiting entry) {
        synchronized (waiting) {
            return waiting.contains(entry);
        }
    }

    /** Takes a connection in, on its loop. */
    void add(Connection connection) {
        Waiting entry = new Waiting(connection);
        synchronized (waiting) {
            if (waiting.size() < Math.min(MAX_WAITING, engine.limits().maxConnections()) && !engine.draining()) {
                waiting.add(entry);
                entry.deadline = connection.stream().loop().after(PATIENCE, entry::serveOrRefuse);
                return;
            }
        }
        engine.refuse(connection, CloseReason.NO_HANDLER);
    }

    /** Looks at every waiting connection again, each on its own loop: something came, or is waited for no more. */
    void release() {
        snapshot().forEach(entry -> entry.connection.stream().loop().execute(entry::serve));
    }

    /** Refuses every waiting connection: the node shuts down. */
    void refuse() {
        snapshot().forEach(entry -> entry.connection.stream().loop().execute(() -> entry.refuse(CloseReason.DRAINED)));
    }

    private List<Waiting> snapshot() {
        synchronized (waiting) {
            return List.copyOf(waiting);
        }
    }
}
