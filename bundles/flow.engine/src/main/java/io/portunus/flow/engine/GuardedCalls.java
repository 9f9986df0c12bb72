// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Calls parts of bundles where no flow is concerned, each call on a thread of its own and with a deadline. What fails or is late is charged and
 * logged, and whoever asked goes on with what it has. Thread-safe.
 */
record GuardedCalls(BundleGuard guard) {
    /** Longest that a surface waits for an answer. */
    static final Duration ASK = Duration.ofSeconds(2);

    /**
     * Calls a provider.
     *
     * @param part what is charged beside its flows, {@code "selector of targets, questions"}
     * @param otherwise what the caller gets if it fails, or takes too long
     */
    <T> T call(Provider provider, String part, Duration atMost, Callable<T> call, T otherwise) {
        BundlePart its = new BundlePart(provider.origin().bundle(), provider.origin().version(), part);
        try {
            return guard.call(its, atMost, call);
        } catch (ExecutionException failed) {
            FlowEvents.callFailed(its, failed);
        } catch (TimeoutException hangs) {
            FlowEvents.callFailed(its, hangs);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        return otherwise;
    }
}
