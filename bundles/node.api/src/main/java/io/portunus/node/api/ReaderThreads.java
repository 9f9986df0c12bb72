// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Threads for calls that may never come back, as those to a disk that is away: each call has one of its own, and so many may be under way,
 * those included that never end. Who asked waits for the answer as long as it likes. Thread-safe.
 */
public final class ReaderThreads {
    private final String name;
    private final Semaphore places;

    /** Makes places for at most so many calls, on threads of that name. */
    public ReaderThreads(String name, int most) {
        this.name = name;
        this.places = new Semaphore(most);
    }

    /**
     * Begins a call.
     *
     * @return its answer to come; empty when as many as may be are under way
     */
    public <T> Optional<FutureTask<T>> begin(Callable<T> call) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        FutureTask<T> task = new FutureTask<>(call);
        // No virtual thread: in the midst of a system call it would keep one of those that carry them.
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                task.run();
            } finally {
                places.release();
            }
        });
        return Optional.of(task);
    }
}
