// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.Deployment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The time in which a new version is watched, and may be taken back by a word. Thread-safe. */
final class Bake {
    private final String bundle;
    private final String older;
    private final String newer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<String> asked = Optional.empty();
    private boolean over;
    private final CompletableFuture<Deployment> takenBack = new CompletableFuture<>();

    Bake(String bundle, String older, String newer) {
        this.bundle = bundle;
        this.older = older;
        this.newer = newer;
    }

    String bundle() {
        return bundle;
    }

    String older() {
        return older;
    }

    String newer() {
        return newer;
    }

    /**
     * Asks that the version be taken back at once.
     *
     * @param why the reason, to follow "it was"
     * @return false if the bake was over already
     */
    boolean end(String why) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            asked = asked.or(() -> Optional.of(why));
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits a little; returns the reason as soon as it is to be taken back. */
    Optional<String> await(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = atMost.toNanos();
            while (asked.isEmpty() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody can take it back by {@link #end} any more; returns the reason if somebody did. */
    Optional<String> close() {
        lock.lock();
        try {
            over = true;
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /** Completes the wait of whoever asked, with the result. */
    void takenBack(Deployment result) {
        takenBack.complete(result);
    }

    /** What became of it, for who asked; empty if it takes too long. */
    Optional<Deployment> result(Duration atMost) {
        try {
            return Optional.of(takenBack.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
