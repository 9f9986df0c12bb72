// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.spi.Cancellable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code that keeps a loop, while somebody asks for it: a thread of its own looks at every loop some hundred times a second. A loop that
 * is in the same turn as at the last look has been kept; what of the flow's parts stands uppermost on the loop's stack is charged, once a
 * turn. So nothing is timed on the loops themselves. A look that comes late proves nothing, as the loop may have been as late: then the whole
 * process was held up, or the machine has too much to do. Thread-safe.
 */
final class TurnWatch {
    /** A look that is later than so many times its distance is passed over. */
    private static final int LATE = 4;
    /** What is looked at of a stack. */
    private static final int DEPTH = 64;

    private final Supplier<Collection<LoopTurn>> turns;
    private final LongSupplier nanoClock;
    /** None while nobody asks. */
    private final AtomicReference<@Nullable ScheduledThreadPoolExecutor> thread = new AtomicReference<>();

    /**
     * A watch that does not look yet.
     *
     * @param turns of every loop there is now
     */
    TurnWatch(Supplier<Collection<LoopTurn>> turns, LongSupplier nanoClock) {
        this.turns = turns;
        this.nanoClock = nanoClock;
    }

    /** Looks from now on. */
    Cancellable start() {
        ScheduledThreadPoolExecutor its = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("engine-turns").factory());
        Future<?> looking = its.scheduleWithFixedDelay(new Looks(), 0, FlowVersions.LOOK_MILLIS, TimeUnit.MILLISECONDS);
        Optional.ofNullable(thread.getAndSet(its)).ifPresent(ScheduledThreadPoolExecutor::shutdownNow);
        return () -> {
            thread.compareAndSet(its, null);
            looking.cancel(false);
            its.shutdownNow();
        };
    }

    /** One look after the other. Confined to its thread. */
    final class Looks implements Runnable {
        /** Turns that went on at the last look, by their loop; as many as there are loops. */
        private Map<LoopTurn, Turn> seen = Map.of();
        private long lastNanos;

        /** A turn that went on. */
        private record Turn(long number, boolean charged) {
        }

        @Override
        public void run() {
            long now = nanoClock.getAsLong();
            boolean late = now - lastNanos > LATE * TimeUnit.MILLISECONDS.toNanos(FlowVersions.LOOK_MILLIS);
            lastNanos = now;
            Map<LoopTurn, Turn> going = new HashMap<>();
            for (LoopTurn loop : turns.get()) {
                Flow flow = loop.now();
                long number = loop.number();
                if (flow != null) {
                    going.put(loop, turn(loop, flow, number, late ? null : seen.get(loop)));
                }
            }
            seen = going;
        }

        private static Turn turn(LoopTurn loop, Flow flow, long number, @Nullable Turn before) {
            if (before == null || before.number() != number) {
                return new Turn(number, false);
            }
            if (!before.charged()) {
                charge(loop, flow, number);
            }
            return new Turn(number, true);
        }
    }

    private static void charge(LoopTurn loop, Flow flow, long number) {
        Thread its = loop.thread();
        StackTraceElement[] stack = its == null ? new StackTraceElement[0] : its.getStackTrace();
        if (loop.now() != null && loop.number() == number) {
            culprit(stack, flow.parts().everybody()).results().slowTurn(flow.id());
        }
    }

    /** The part whose code is uppermost. Where none of theirs is seen, it works for whoever conducts the flow. */
    private static Provider culprit(StackTraceElement[] stack, List<Provider> parts) {
        for (int i = 0; i < Math.min(stack.length, DEPTH); i++) {
            String type = stack[i].getClassName();
            for (Provider part : parts) {
                if (part.defines(type)) {
                    return part;
                }
            }
        }
        return parts.getFirst();
    }
}
