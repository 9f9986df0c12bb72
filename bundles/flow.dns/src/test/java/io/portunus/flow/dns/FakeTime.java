// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A clock and the resolver's thread in one: time passes when a test sets it, and tasks run before the call returns. */
final class FakeTime implements Timers, InstantSource {
    private record Task(Instant at, Runnable run) {
    }

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<Task> timers = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (running) {
            return;
        }
        running = true;
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
        running = false;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Task timer = new Task(now.plus(delay), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Lets time pass, and what is due then happen in its order. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        for (Optional<Task> next = due(end); next.isPresent(); next = due(end)) {
            timers.remove(next.get());
            now = next.get().at();
            execute(next.get().run());
        }
        now = end;
    }

    private Optional<Task> due(Instant end) {
        return timers.stream().filter(t -> !t.at().isAfter(end)).min(Comparator.comparing(Task::at));
    }

    int timers() {
        return timers.size();
    }
}
