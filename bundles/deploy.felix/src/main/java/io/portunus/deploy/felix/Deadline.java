// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleException;

/** Calls into code of other bundles that may never return. Each call has a thread of its own, so nothing of that code stays with ours. */
final class Deadline {
    private Deadline() {
    }

    /**
     * Runs a task on a virtual thread and waits for it.
     *
     * @param thread name of the thread
     * @throws TimeoutException if it did not return in time; it was interrupted then and is left alone
     * @throws ExecutionException with what it threw
     * @throws InterruptedException if the caller was interrupted; so was the task then
     */
    static <T> T call(String thread, Duration atMost, Callable<T> task) throws TimeoutException, ExecutionException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofVirtual().name(thread).start(future);
        try {
            return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }

    /** What to report of a fault: the message of the innermost cause, as other bundles wrap theirs. */
    static String rootCause(Throwable fault) {
        Throwable cause = fault;
        for (int depth = 0; depth < 16 && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return cause instanceof BundleException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
