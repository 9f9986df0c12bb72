// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.LoopView;
import io.portunus.flow.api.LoopView.State;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Transport;
import io.portunus.model.Problem;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether the loops turn. At each look a loop that has answered the last one is asked again; the others have missed one more. Looks are counted,
 * not the clock, and one that comes late itself is nobody's miss: a VM that paused, a machine that slept or has no time for anybody, makes no loop
 * look stalled.
 *
 * <p>{@link #look} is called by one thread, everything else by any. Bounded by the loops of the transports that are there or still carry flows.
 */
final class LoopWatch {
    /** Between two looks. */
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /** A look that comes later than this after the last one counts for nobody. */
    private static final long LATE_NANOS = INTERVAL.multipliedBy(2).toNanos();
    private static final long STALLED = LoopView.STALLED.dividedBy(INTERVAL);
    private static final long LOST = LoopView.LOST.dividedBy(INTERVAL);

    private final Map<EventLoop, WatchedLoop> loops = new ConcurrentHashMap<>();
    private final Supplier<Serving> serving;
    private final LiveFlows flows;
    private final LongSupplier nanoClock;
    /** Volatile: set once, before the first look. */
    private volatile CodeOwners owners = CodeOwners.UNKNOWN;
    private long lastNanos;

    LoopWatch(Supplier<Serving> serving, LiveFlows flows, LongSupplier nanoClock) {
        this.serving = serving;
        this.flows = flows;
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
    }

    /** Who is asked whose code a loop stands in. */
    void owners(CodeOwners known) {
        owners = known;
    }

    /** Watches the loops of a provider that is a transport, until they have ended. */
    void add(Provider provider) {
        if (provider.origin().post().role() == Role.TRANSPORT) {
            List<EventLoop> all = provider.as(Transport.class).loops();
            for (int i = 0; i < all.size(); i++) {
                WatchedLoop loop = new WatchedLoop(all.get(i), provider, i);
                loops.putIfAbsent(loop.loop(), loop);
            }
        }
    }

    /** Whether a loop does what it is given; one that has ended does not count as stalled. */
    boolean turns(EventLoop loop) {
        WatchedLoop watched = loops.get(loop);
        return watched == null || watched.view().turns();
    }

    List<LoopView> views() {
        return loops.values().stream().map(WatchedLoop::view).sorted(Comparator.comparing(LoopView::name)).toList();
    }

    /** What keeps the node from being ready: every loop that does not turn. */
    List<Problem> problems() {
        return views().stream().filter(loop -> !loop.turns()).map(LoopEvents::problem).toList();
    }

    /** What only a start mends: every loop that is lost. */
    List<Problem> lost() {
        return views().stream().filter(loop -> loop.state() == State.LOST).map(LoopEvents::problem).toList();
    }

    /** Flows that nobody has to wait for: those of loops that are lost. */
    long lostFlows() {
        return loops.values().stream().filter(loop -> loop.view().state() == State.LOST).mapToLong(loop -> flows.on(loop.loop())).sum();
    }

    // The looks.

    void look() {
        long now = nanoClock.getAsLong();
        boolean late = now - lastNanos >= LATE_NANOS;
        lastNanos = now;
        loops.values().removeIf(loop -> ended(loop, late));
    }

    private boolean ended(WatchedLoop loop, boolean late) {
        if (loop.answered()) {
            if (!loop.view().turns()) {
                recovered(loop);
            } else if (loop.view().silent().isPositive()) {
                loop.turns();
            }
            return !loop.ask();
        }
        if (!late) {
            missed(loop, loop.miss());
        }
        return false;
    }

    private void missed(WatchedLoop loop, int looks) {
        if (looks == STALLED) {
            stalled(loop);
        } else if (looks == LOST) {
            lost(loop);
        } else {
            LoopView last = loop.view();
            loop.stands(last.state(), INTERVAL.multipliedBy(looks), last.flows(), last.holder());
        }
    }

    private void stalled(WatchedLoop loop) {
        boolean around = loop.bypass(true);
        StackTraceElement[] stack = loop.stack();
        Optional<LoopView.Holder> holder = holder(loop, stack);
        loop.stands(State.STALLED, LoopView.STALLED, flows.on(loop.loop()), holder);
        // After its state: who looks for the reason of a fault finds it.
        holder.ifPresent(its -> serving.get().of(its).forEach(part -> part.fault(held(loop, stack))));
        LoopEvents.stalled(loop.view(), around, stack);
    }

    /** What is charged, with the loop's stack as its own. */
    private static Throwable held(WatchedLoop loop, StackTraceElement[] stack) {
        IllegalStateException held = new IllegalStateException("it keeps the loop " + loop.view().name());
        held.setStackTrace(stack);
        return held;
    }

    private void lost(WatchedLoop loop) {
        Optional<LoopView.Holder> holder = loop.view().holder().or(() -> holder(loop, loop.stack()));
        loop.stands(State.LOST, LoopView.LOST, flows.on(loop.loop()), holder);
        LoopEvents.lost(loop.view());
    }

    private void recovered(WatchedLoop loop) {
        loop.bypass(false);
        LoopView last = loop.view();
        loop.turns();
        LoopEvents.recovered(last);
    }

    private Optional<LoopView.Holder> holder(WatchedLoop loop, StackTraceElement[] stack) {
        Map<String, String> versions = Optional.ofNullable(loop.turn().now()).map(flow -> flow.parts().versions()).orElse(Map.of());
        return owners.of(stack, versions, serving.get());
    }
}
