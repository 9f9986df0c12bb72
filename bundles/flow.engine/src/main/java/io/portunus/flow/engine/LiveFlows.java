// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowView;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The flows that live. A flow counts until it has been recorded, and is found until it ends. Thread-safe. */
final class LiveFlows {
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

    List<Flow> all() {
        return List.copyOf(flows.values());
    }

    /** As surfaces see them, the oldest first. */
    List<FlowView> views() {
        return flows.values().stream().map(Flow::view).sorted(Comparator.comparingLong(FlowView::id)).toList();
    }

    /** Waits until none counts, but no longer than that. */
    void awaitNone(Duration atMost) {
        awaited = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (idle) {
            try {
                for (long rest = atMost.toMillis(); count.get() > 0 && rest > 0; rest = (deadline - System.nanoTime()) / 1_000_000) {
                    idle.wait(rest);
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
