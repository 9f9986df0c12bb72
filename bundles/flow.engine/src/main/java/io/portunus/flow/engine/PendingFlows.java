// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.engine.Pending.Source;
import io.portunus.flow.engine.Pending.Thing;
import io.portunus.flow.spi.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What flows hold before they have a target, and what is read of them and not delivered: places of a listener, and bytes, for which the
 * whole node has one budget. When one is full, whoever needs some gets it, and another flow gives way ({@link LoopPending}); so no listener
 * and no source takes all, and a flow that makes progress is the last to go. Each loop looks among its own flows first and asks the other
 * loops when it has none; until those have answered, an eighth more may be held.
 *
 * <p>Thread-safe; the methods that take a flow's {@link Pending} are called on its loop, and take no lock.
 */
final class PendingFlows {
    /** Of a budget: what may be held beyond it for a moment. */
    private static final int OVERDRAFT = 8;

    private final Supplier<Limits> limits;
    private final LongSupplier nanoClock;
    private final LoopWatch watch;
    private final Map<EventLoop, LoopPending> loops = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong spilled = new AtomicLong();

    PendingFlows(Supplier<Limits> limits, LongSupplier nanoClock, LoopWatch watch) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.watch = watch;
    }

    /** Bytes that are held now, before a target is there and behind one that takes none. */
    long bytes() {
        return bytes.get() + spilled.get();
    }

    private LoopPending of(EventLoop loop) {
        return loops.computeIfAbsent(loop, LoopPending::new);
    }

    /** Gives a flow a place of its listener; another flow of the listener gives way if there is none. */
    boolean place(Pending flow, EventLoop loop, long source) {
        LoopPending own = of(loop);
        EngineListener listener = flow.listener();
        int most = limits.get().maxPeeks();
        int taken = listener.peeks.begin();
        own.put(flow, true, flow.bytes(), source, nanoClock.getAsLong());
        if (taken > most && !giveWay(own.victim(listener, Thing.PLACES, flow), CloseReason.PEEK_CAPACITY)) {
            askOthers(own, other -> {
                if (listener.peeks.peeking() > limits.get().maxPeeks()) {
                    giveWay(other.victim(listener, Thing.PLACES, null), CloseReason.PEEK_CAPACITY);
                }
            });
            if (taken > most + Math.max(1, most / OVERDRAFT)) {
                leavePlace(flow, loop, source);
                listener.peeks.undo();
                return false;
            }
        }
        return true;
    }

    /** Takes the place back; that the flow was counted as one that peeks is the caller's. */
    void leavePlace(Pending flow, EventLoop loop, long source) {
        of(loop).put(flow, false, flow.bytes(), source, nanoClock.getAsLong());
    }

    /** Counts a flow for another source from now on: somebody in front declared whose it is. */
    void move(Pending flow, EventLoop loop, long source) {
        of(loop).put(flow, flow.place(), flow.bytes(), source, nanoClock.getAsLong());
    }

    /**
     * Puts down how many bytes a flow keeps from now on.
     *
     * @return whether there is room for them, as there is unless those of other loops do not give way fast enough
     */
    boolean keep(Pending flow, EventLoop loop, int kept, long source) {
        LoopPending own = of(loop);
        int more = kept - flow.bytes();
        bytes.addAndGet(more);
        flow.listener().kept.addAndGet(more);
        own.put(flow, flow.place(), kept, source, nanoClock.getAsLong());
        return more <= 0 || room(own, flow);
    }

    private boolean room(LoopPending own, Pending flow) {
        EngineListener listener = flow.listener();
        Limits now = limits.get();
        while (listener.kept.get() > now.listenerBytes()
            && giveWay(own.victim(listener, Thing.BYTES, flow), CloseReason.BUFFERS_FULL)) { }
        while (own.bytesOfSource(flow) > now.sourceBytes() / loops.size()
            && giveWay(oldest(flow), CloseReason.BUFFERS_FULL)) { }
        while (bytes() > now.bufferBytes() && giveWay(own.victim(Thing.BYTES, flow), CloseReason.BUFFERS_FULL)) { }
        if (bytes() <= now.bufferBytes() && listener.kept.get() <= now.listenerBytes()) {
            return true;
        }
        askOthers(own, this::shed);
        return bytes() <= now.bufferBytes() + now.bufferBytes() / OVERDRAFT;
    }

    /** Of those of its source on its listener; of a source each loop has an even part. */
    private static @Nullable Pending oldest(Pending flow) {
        Source source = flow.source();
        return source == null ? null : source.longest(Thing.BYTES, flow);
    }

    /** On its loop: lets as many go as are too many for the node or for a listener. */
    private void shed(LoopPending of) {
        Limits now = limits.get();
        Pending heaviest = of.victim(Thing.BYTES, null);
        while (heaviest != null && (bytes() > now.bufferBytes() || heaviest.listener().kept.get() > now.listenerBytes())) {
            giveWay(heaviest, CloseReason.BUFFERS_FULL);
            heaviest = of.victim(Thing.BYTES, null);
        }
    }

    /** One that has no target gives way to a flow that has just come and finds no entry left. */
    boolean giveWayOnce(EventLoop loop) {
        LoopPending own = of(loop);
        return giveWay(own.victim(Thing.PLACES, null), CloseReason.MAX_CONNECTIONS)
            || giveWay(own.victim(Thing.BYTES, null), CloseReason.MAX_CONNECTIONS);
    }

    private static boolean giveWay(@Nullable Pending victim, CloseReason reason) {
        if (victim != null) {
            victim.giveWay(reason);
        }
        return victim != null;
    }

    private interface Ask {
        void of(LoopPending other);
    }

    private void askOthers(LoopPending own, Ask ask) {
        for (LoopPending other : loops.values()) {
            // One that stands still would keep each question until it turns.
            if (other != own && watch.turns(other.loop())) {
                other.loop().execute(() -> ask.of(other));
            }
        }
    }

    // Bytes that were read and that the other side does not take.

    /** Whether pumps may read more than the other side is known to take: they have half of the budget at most. */
    boolean maySpill() {
        return spilled.get() < limits.get().bufferBytes() / 2;
    }

    /** A pump holds so many more, or fewer, on this loop; those without a target make room. */
    void spill(EventLoop loop, int more) {
        spilled.addAndGet(more);
        if (more > 0 && bytes() > limits.get().bufferBytes()) {
            shed(of(loop));
        }
    }
}
