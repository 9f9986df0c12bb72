// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs commands on threads of their own while the thread that asks waits. So Ctrl-C ends the waiting and nothing else: no change is
 * interrupted halfway, and no lock, channel or file of the node sees the interrupt. Thread-safe.
 */
final class Detached {
    /** Commands at work at once, each on a thread of its own, those included that nobody waits for any more; the next is refused. */
    static final int MAX_AT_ONCE = 32;
    private static final Semaphore PLACES = new Semaphore(MAX_AT_ONCE);

    private Detached() {
    }

    /**
     * Runs a command and waits for its text.
     *
     * @throws CommandRefused if the command was refused, or with what goes on if the caller was interrupted
     */
    static String await(String goesOn, Supplier<String> command) {
        if (!PLACES.tryAcquire()) {
            throw new CommandRefused("as many commands as may be are still at work; 'portunus:changes' lists those that are done");
        }
        CompletableFuture<String> text = new CompletableFuture<>();
        // A platform thread: what a command asks may be another bundle's, and one that spins would keep a carrier of virtual ones.
        Thread.ofPlatform().daemon().name("shell-command").start(() -> lastResort(command, text));
        try {
            return text.get();
        } catch (InterruptedException asked) {
            // The interrupt is used up by this answer: what prints it must not find it, since it would close the terminal.
            throw new CommandRefused(goesOn);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException reason ? reason : new IllegalStateException(failed.getCause());
        }
    }

    /** Waits until no command is at work. */
    static void finish(Duration atMost) throws InterruptedException {
        if (PLACES.tryAcquire(MAX_AT_ONCE, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            // This version may come back.
            PLACES.release(MAX_AT_ONCE);
        }
    }

    private static void lastResort(Supplier<String> command, CompletableFuture<String> text) {
        try {
            text.complete(command.get());
        } catch (RuntimeException | Error thrown) {
            text.completeExceptionally(thrown);
        } finally {
            PLACES.release();
        }
    }
}
