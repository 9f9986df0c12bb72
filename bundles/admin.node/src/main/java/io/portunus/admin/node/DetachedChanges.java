// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes on threads of their own while the requests that ask for them wait. So no change is interrupted halfway: neither by a client
 * that goes away, nor by the surface that closes because of the very change. Where this bundle itself is what is replaced, the requests go on and
 * are answered ({@code Resource.outlasts}). Thread-safe.
 */
final class DetachedChanges {
    /** Changes at work at once, each on a thread of its own; the next is refused. */
    static final int MAX_AT_ONCE = 8;
    /** Longest that the change of a bundle takes: ten minutes of being watched, and its start, its check and the way back. */
    static final Duration BUNDLE = Duration.ofMinutes(12);

    private static final Logger LOG = LoggerFactory.getLogger(DetachedChanges.class);

    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    /** Makes a change that leaves nothing behind to be tidied. */
    <T> T await(Supplier<T> change) {
        return await(change, () -> { });
    }

    /**
     * Makes a change and waits for it.
     *
     * @param afterwards run when it is over, or was not begun, whoever still waits
     * @throws RefusedException if it was not begun, failed by a defect, or goes on while the surface closes
     */
    <T> T await(Supplier<T> change, Runnable afterwards) {
        if (!places.tryAcquire()) {
            afterwards.run();
            throw new RefusedException(409, ProblemCode.BUSY.code(), "", "Too many changes are under way; try again when one is over.");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        // A platform thread: a change calls other bundles, and one that spins would keep a carrier of virtual ones.
        Thread.ofPlatform().daemon().name("admin-change").start(() -> run(change, afterwards, result));
        try {
            return result.get();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new RefusedException(503, "closing", "", "The admin surface closes, or a part of it is replaced,"
                + " while the change goes on; /v1/changes tells what comes of it.");
        } catch (ExecutionException | CancellationException defect) {
            throw new RefusedException(500, "internal_error", "", "The change failed by a defect; the log has its trace.");
        }
    }

    /** Waits until no change is at work, and its answer is made. */
    void finish(Duration atMost) throws InterruptedException {
        if (places.tryAcquire(MAX_AT_ONCE, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            places.release(MAX_AT_ONCE);
        }
    }

    private <T> void run(Supplier<T> change, Runnable afterwards, CompletableFuture<T> result) {
        try {
            T done = change.get();
            afterwards.run();
            places.release();
            result.complete(done);
        } catch (RuntimeException | Error lastResort) {
            LOG.atError().addKeyValue("event", "admin.internal_error").setCause(lastResort).log("a change failed");
            afterwards.run();
            places.release();
            result.completeExceptionally(lastResort);
        }
    }
}
