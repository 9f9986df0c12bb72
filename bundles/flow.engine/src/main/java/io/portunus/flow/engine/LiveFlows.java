// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.spi.EventLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The flows that live. A flow counts until it has been recorded, and is found until it ends. Thread-safe. */
final class LiveFlows {
    /** Of who waits for the end of all: how often it is looked whether some are lost meanwhile. */
    private static final long LOOK_MILLIS = 200;
    private final Map<Long, Flow> flows = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    /** Notified when the last flow ends while somebody waits for that; guards nothing else. */
    private final Object idle = new Object();
    private volatile boolean awaited;

    /** One more counts, before it is made. */
    void counted() {
        count.incrementAndGet();
    }

    void began(Flow flow) {
        flows.put(flow.id(), flow);
    }

    void ended(Flow flow) {
        flows.remove(flow.id());
    }

    /** One that ended counts no more; how many do. */
    long left() {
        long left = count.decrementAndGet();
        if (left == 0 && awaited) {
            synchronized (idle) {
                idle.notifyAll();
            }
        }
        return left;
    }

    long count() {
        return count.get();
    }

    Optional<Flow> find(long id) {
        return Optional.ofNullable(flows.get(id));
    }

    /** Flows that live on a loop. Goes through all. */
    long on(EventLoop loop) {
        return flows.values().stream().filter(flow -> flow.loop().equals(loop)).count();
    }

    /** Those that hold a version of a bundle. */
    List<Flow> holding(String bundle, String version) {
        return flows.values().stream().filter(flow -> flow.holds(bundle, version)).toList();
    }

    List<Flow> all() {
        return List.copyOf(flows.values());
    }

    /** As surfaces see them, the oldest first. */
    List<FlowView> views() {
        return flows.values().stream().map(Flow::view).sorted(Comparator.comparingLong(FlowView::id)).toList();
    }

    /** Those of datagrams. */
    List<SessionFlow> sessions() {
        return flows.values().stream().filter(SessionFlow.class::isInstance).map(SessionFlow.class::cast).toList();
    }

    /**
     * Waits until none counts, but no longer than that.
     *
     * @param lost asked at each look: how many are not waited for, because nobody can end them
     */
    void awaitNone(Duration atMost, LongSupplier lost) {
        awaited = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (idle) {
            try {
                for (long rest = atMost.toMillis(); rest > 0 && count.get() > lost.getAsLong();
                    rest = (deadline - System.nanoTime()) / 1_000_000) {
                    idle.wait(Math.min(rest, LOOK_MILLIS));
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
