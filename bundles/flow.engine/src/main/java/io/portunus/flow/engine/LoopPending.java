// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.engine.Pending.Source;
import io.portunus.flow.engine.Pending.Thing;
import io.portunus.flow.spi.EventLoop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flows of one loop that have no target yet and hold something, by listener and source. It names who has to give way: of the listener that
 * holds most the source that holds most, and of that the flow that has waited longest without progress. Confined to its loop. Bounded by
 * the flows that may be open; a search looks at each listener and at each source of one listener.
 */
final class LoopPending {
    private final EventLoop loop;
    private final Map<EngineListener, OfListener> listeners = new HashMap<>();
    /** Bytes of each source over all listeners. */
    private final Map<Long, Long> sources = new HashMap<>();

    /** Those of one listener. */
    private static final class OfListener {
        private final Map<Long, Source> sources = new HashMap<>();
        private int places;
        private long bytes;

        void counts(Pending flow, int sign) {
            places += flow.place() ? sign : 0;
            bytes += (long) sign * flow.bytes();
        }

        long weight(Thing thing) {
            return thing == Thing.PLACES ? places : bytes;
        }
    }

    LoopPending(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /** Bytes that flows of a flow's source hold. */
    long bytesOfSource(Pending flow) {
        Source source = flow.source();
        return source == null ? 0 : sources.getOrDefault(source.key, 0L);
    }

    private void count(long source, long more) {
        if (more != 0) {
            sources.merge(source, more, (had, added) -> had + added == 0 ? null : had + added);
        }
    }

    /** Puts down what a flow holds from now on, as progress. */
    void put(Pending flow, boolean place, int bytes, long source, long nanos) {
        OfListener its = listeners.computeIfAbsent(flow.listener(), l -> new OfListener());
        detach(its, flow, source);
        flow.holds(place, bytes);
        its.counts(flow, 1);
        count(source, bytes);
        if (place || bytes > 0) {
            its.sources.computeIfAbsent(source, Source::new).join(flow, nanos);
        } else {
            forget(its, flow, source);
        }
    }

    private void detach(OfListener its, Pending flow, long next) {
        Source old = flow.source();
        if (old != null) {
            its.counts(flow, -1);
            count(old.key, -flow.bytes());
            old.leave(flow);
            if (old.empty() && old.key != next) {
                its.sources.remove(old.key);
            }
        }
    }

    private void forget(OfListener its, Pending flow, long source) {
        Source left = its.sources.get(source);
        if (left != null && left.empty()) {
            its.sources.remove(source);
        }
        if (its.sources.isEmpty()) {
            listeners.remove(flow.listener());
        }
    }

    /** Who of all has to give way; not the one that needs something. */
    @Nullable Pending victim(Thing thing, @Nullable Pending but) {
        EngineListener heaviest = null;
        long most = 0;
        for (Map.Entry<EngineListener, OfListener> entry : listeners.entrySet()) {
            long weight = entry.getValue().weight(thing) - (but != null && entry.getKey() == but.listener() ? but.weight(thing) : 0);
            if (weight > most) {
                most = weight;
                heaviest = entry.getKey();
            }
        }
        return heaviest == null ? null : victim(heaviest, thing, but);
    }

    /** Who of a listener has to give way; not the one that needs it. */
    @Nullable Pending victim(EngineListener listener, Thing thing, @Nullable Pending but) {
        OfListener its = listeners.get(listener);
        Pending found = null;
        long most = 0;
        if (its != null) {
            for (Source source : its.sources.values()) {
                long weight = source.weight(thing, but);
                Pending longest = weight < most ? null : source.longest(thing, but);
                if (longest != null && (weight > most || found == null || longest.progressNanos() - found.progressNanos() < 0)) {
                    found = longest;
                    most = weight;
                }
            }
        }
        return found;
    }
}
