// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A loop whose time is moved by the rehearsal or the test. Confined to the thread that made it; what others give it to do waits until time
 * passes.
 */
public final class MemoryLoop implements EventLoop {
    private final Thread owner = Thread.currentThread();
    private final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
    private final List<Timer> timers = new ArrayList<>();
    /** Made when it is wanted first: many loops read nothing. */
    private @Nullable ByteBuffer scratch;
    private long now;

    private record Timer(long at, Runnable task) {
    }

    @Override
    public boolean inside() {
        return Thread.currentThread() == owner;
    }

    @Override
    public void execute(Runnable task) {
        if (inside()) {
            task.run();
        } else {
            given.add(task);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public ByteBuffer scratch() {
        ByteBuffer its = scratch == null ? ByteBuffer.allocate(SCRATCH_BYTES) : scratch;
        scratch = its;
        return its.clear();
    }

    /** Lets time pass; what is due is run in its order and at its time. */
    public void pass(Duration time) {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
        long end = now + time.toNanos();
        for (Optional<Timer> due = due(end); due.isPresent(); due = due(end)) {
            timers.remove(due.get());
            now = Math.max(now, due.get().at());
            due.get().task().run();
        }
        now = end;
    }

    private Optional<Timer> due(long end) {
        return timers.stream().filter(timer -> timer.at() <= end).min(Comparator.comparingLong(Timer::at));
    }

    /** Time that has passed. */
    public long nanos() {
        return now;
    }

    /** Timers that have not run. */
    public int pending() {
        return timers.size();
    }
}
