// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ReasonOwner;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.FaultAccount;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A part of the data path of one version of a bundle, and what became of the flows it had. Thread-safe. Flows hold it; the engine forgets
 * it when it is unbound, so the version's classes go with its last flow.
 */
final class Provider {
    /** The engine's own classes, below which it calls others. */
    private static final String OURS = "io.portunus.flow.engine.";
    private final Object service;
    private final Origin origin;
    private final LongAdder active = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final ReasonCounters closed = new ReasonCounters(List.of());
    private final List<CloseReason> reasons;
    private final Results results = new Results();
    /** Of a transport: what its loops do now. As many as it has loops. */
    private final Map<EventLoop, LoopTurn> turns = new ConcurrentHashMap<>();
    private final FaultAccount account;
    private final boolean dispensable;

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

        /** As its faults are charged to it. */
        BundlePart part() {
            return new BundlePart(bundle, version, post.role().name().toLowerCase(Locale.ROOT) + " " + post.kind());
        }
    }

    Provider(Object service, Origin origin, BundleGuard guard) {
        this.service = service;
        this.origin = origin;
        this.account = guard.account(origin.part());
        this.dispensable = origin.post().ofOthersToo();
        this.reasons = reasons(service);
    }

    /** The reasons that it declares when it comes; one that fails then has none of its own, and its fault counts. */
    private List<CloseReason> reasons(Object its) {
        try {
            return its instanceof ReasonOwner owner ? owner.reasons().stream().limit(ReasonOwner.MOST_REASONS).toList() : List.of();
        } catch (Throwable lastResort) {
            fault(lastResort);
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

    /** What its flows come to. */
    Results results() {
        return results;
    }

    /** What a loop of this transport does now. */
    LoopTurn turn(EventLoop loop) {
        LoopTurn known = turns.get(loop);
        return known != null ? known : turns.computeIfAbsent(loop, _ -> new LoopTurn());
    }

    /** The same of all its loops that had anything to do. */
    Collection<LoopTurn> turns() {
        return turns.values();
    }

    /** Whether a class is one of its bundle's. Asked of stacks, so the class is there. */
    boolean defines(String type) {
        ClassLoader its = service.getClass().getClassLoader();
        if (its == null || type.startsWith("java.") || type.startsWith(OURS)) {
            return false;
        }
        try {
            return its.loadClass(type).getClassLoader() == its;
        } catch (ClassNotFoundException | LinkageError notIts) {
            return false;
        }
    }

    /** It threw. */
    void fault(Throwable fault) {
        faults.increment();
        if (dispensable) {
            account.charge(fault, well());
        } else {
            account.note(fault);
        }
    }

    /** It threw where no flow was concerned. */
    void failed(Throwable fault) {
        faults.increment();
        if (account.note(fault)) {
            FlowEvents.callFailed(account.part(), fault);
        }
    }

    /**
     * How many flows it did well with. Of an inspector one weighs more than all faults together: what it reads is its peers', who
     * could otherwise take it from everybody by what makes it fail.
     */
    private long well() {
        if (origin.post().inspects()) {
            return Math.max(0, opened.sum() - active.sum() - faults.sum()) * BundleGuard.MOST_FAULTS;
        }
        return Math.max(0, opened.sum() - faults.sum());
    }

    /** Whether new flows go without it, because it failed again and again. */
    boolean quarantined() {
        return dispensable && account.quarantined();
    }

    ProviderView view(boolean serving) {
        Map<CloseReason, Long> seen = closed.sums();
        seen.values().removeIf(count -> count == 0);
        return new ProviderView(origin.post().role(), origin.post().kind(), origin.bundle(), origin.version(), serving, active.sum(), opened.sum(),
            seen, Set.copyOf(reasons), faults.sum(), results.view());
    }
}
