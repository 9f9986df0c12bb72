// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView;
import java.util.EnumMap;
import java.util.Map;
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
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    /**
     * Where a provider comes from.
     *
     * @param post what it is
     * @param bundle symbolic name
     * @param version version of the bundle
     */
    record Origin(Post post, String bundle, String version) {
        boolean of(String name, String itsVersion) {
            return bundle.equals(name) && version.equals(itsVersion);
        }
    }

    Provider(Object service, Origin origin) {
        this.service = service;
        this.origin = origin;
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
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
        LongAdder count = closed.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** It threw. */
    void fault() {
        faults.increment();
    }

    ProviderView view(boolean serving) {
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> {
            if (count.sum() > 0) {
                reasons.put(reason, count.sum());
            }
        });
        return new ProviderView(origin.post().role(), origin.post().kind(), origin.bundle(), origin.version(), serving, active.sum(), opened.sum(),
            reasons, faults.sum());
    }
}
