// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.ReasonOwner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * A part of the data path of one version of a bundle, and what became of the flows it had. Thread-safe. Flows hold it; the engine forgets
 * it when it is unbound, so the version's classes go with its last flow.
 */
final class Provider {
    private final Object service;
    private final Origin origin;
    private final LongAdder active = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final ReasonCounters closed = new ReasonCounters(List.of());
    private final List<CloseReason> reasons;

    /**
     * Where a provider comes from.
     *
     * @param post what it is
     * @param bundle symbolic name
     * @param version version of the bundle
     * @param rank its {@code service.ranking}; it counts among transports, of which the first carries what has no other
     */
    record Origin(Post post, String bundle, String version, int rank) {
        /** Of the usual rank. */
        Origin(Post post, String bundle, String version) {
            this(post, bundle, version, 0);
        }

        boolean of(String name, String itsVersion) {
            return bundle.equals(name) && version.equals(itsVersion);
        }
    }

    Provider(Object service, Origin origin) {
        this.service = service;
        this.origin = origin;
        this.reasons = reasons(service);
    }

    /** The reasons that it declares when it comes; one that fails then has none of its own, and its fault counts. */
    private List<CloseReason> reasons(Object its) {
        try {
            return its instanceof ReasonOwner owner ? owner.reasons().stream().limit(ReasonOwner.MOST_REASONS).toList() : List.of();
        } catch (Throwable lastResort) {
            fault();
            FlowEvents.failed(origin, lastResort);
            return List.of();
        }
    }

    /** Reasons of its own that it ends flows for. */
    List<CloseReason> reasons() {
        return reasons;
    }

    /** The service, by the contract of its role. */
    <T> T as(Class<T> contract) {
        return contract.cast(service);
    }

    boolean is(Object other) {
        return service == other;
    }

    Origin origin() {
        return origin;
    }

    /** A flow holds it from now on. */
    void opened() {
        opened.increment();
        active.increment();
    }

    /** A flow that was counted before holds it again. */
    void holds() {
        active.increment();
    }

    /** A flow let go of it. */
    void released() {
        active.decrement();
    }

    /** A flow that held it, now or before, ended. */
    void closed(CloseReason reason) {
        closed.count(reason);
    }

    /** It threw. */
    void fault() {
        faults.increment();
    }

    ProviderView view(boolean serving) {
        Map<CloseReason, Long> seen = closed.sums();
        seen.values().removeIf(count -> count == 0);
        return new ProviderView(origin.post().role(), origin.post().kind(), origin.bundle(), origin.version(), serving, active.sum(), opened.sum(),
            seen, Set.copyOf(reasons), faults.sum());
    }
}
