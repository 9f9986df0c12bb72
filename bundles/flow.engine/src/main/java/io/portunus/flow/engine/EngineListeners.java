// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The listeners of the table in force, and which could not be bound. Changed under the lock of the table, read by any thread. */
final class EngineListeners {
    private final Map<ListenKey, EngineListener> all = new ConcurrentHashMap<>();
    private final Set<ListenKey> unbound = ConcurrentHashMap.newKeySet();
    private final Engine engine;
    private final Crowding crowding;

    /** There is none yet. */
    EngineListeners(Engine engine, Crowding crowding) {
        this.engine = engine;
        this.crowding = crowding;
    }

    Collection<EngineListener> all() {
        return all.values();
    }

    Optional<EngineListener> of(ListenKey key) {
        return Optional.ofNullable(all.get(key));
    }

    /** Those of a table, in the order of its rules. */
    private Stream<EngineListener> of(ForwardingTable table) {
        return table.listeners().stream().flatMap(routes -> of(routes.key()).stream());
    }

    /** Whether some could not be bound. */
    boolean lacking() {
        return !unbound.isEmpty();
    }

    /**
     * Closes and swaps. A listener that no rule of the difference is on is not notified.
     *
     * @param keys of listeners that may be gone, or others
     * @param changed those that are there
     * @return those that are to be bound: each change is another chance for those that could not be
     */
    Collection<Listener> change(ForwardingTable newer, Set<ListenKey> keys, List<Listener> changed) {
        int before = all.size();
        keys.stream().filter(key -> newer.listener(key).isEmpty()).forEach(key -> {
            Optional.ofNullable(all.remove(key)).ifPresent(gone -> gone.close(engine));
            unbound.remove(key);
        });
        if (all.size() < before) {
            crowding.beside(all.values());
        }
        for (Listener routes : changed) {
            all.computeIfAbsent(routes.key(), k -> new EngineListener(routes, engine::now)).routes(routes);
        }
        return unbound.isEmpty() ? changed : newer.listeners();
    }

    /** The routes of those that could not be bound. */
    List<Listener> unbound(ForwardingTable table) {
        return unbound.stream().flatMap(key -> table.listener(key).stream()).toList();
    }

    /** In the order of the rules: who waits for the last of them may count on the others. A listener that stays where it is keeps its socket. */
    void bind(Collection<Listener> wanted, Transports transports) {
        List<EngineListener> recovered = new ArrayList<>();
        boolean bound = false;
        for (Listener routes : wanted) {
            EngineListener listener = all.get(routes.key());
            Optional<Provider> carrier = listener == null ? Optional.empty()
                : transports.of(listener.transport()).filter(t -> !listener.boundOn(t));
            if (listener != null && carrier.isPresent()) {
                bound = true;
                if (recovers(listener, carrier.get())) {
                    recovered.add(listener);
                }
            }
        }
        if (bound) {
            crowding.beside(all.values());
        }
        ListenEvents.bound(recovered);
    }

    /** Binds; whether that went well where it had not before. */
    private boolean recovers(EngineListener listener, Provider carrier) {
        boolean failedBefore = listener.problem().isPresent();
        listener.bind(carrier, engine);
        if (listener.problem().isPresent()) {
            unbound.add(listener.key());
        } else {
            unbound.remove(listener.key());
        }
        return failedBefore && listener.problem().isEmpty();
    }

    List<ListenerView> views(ForwardingTable table) {
        return of(table).map(EngineListener::view).toList();
    }

    List<Problem> problems(ForwardingTable table) {
        return unbound.isEmpty() ? List.of() : of(table).flatMap(its -> its.problem().stream()).toList();
    }

    /** They accept no more. */
    void close() {
        all.values().forEach(listener -> listener.close(engine));
    }
}
