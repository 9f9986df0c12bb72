// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads a daemon on a virtual thread, and connects again when it has gone. Thread-safe. */
final class Feed implements AutoCloseable {
    private static final int CAPACITY = 16;
    private static final long PAUSE_MILLIS = 1000;
    private final Path socket;
    /** Full when nobody takes: then the daemon waits, and in the end lets this reader go. */
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(CAPACITY);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** What happened. */
    sealed interface Event {
        /**
         * A line came.
         *
         * @param message the line
         */
        record Came(Message message) implements Event {
        }

        /**
         * The connection was lost, or cannot be made.
         *
         * @param reason why
         */
        record Lost(String reason) implements Event {
        }
    }

    Feed(Path socket) {
        this.socket = socket;
        this.thread = Thread.ofVirtual().name("stats-feed").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The next event, if there is one. */
    Optional<Event> poll() {
        return Optional.ofNullable(events.poll());
    }

    private void run() {
        try {
            do {
                events.put(new Event.Lost(read()));
            } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads until it fails, and returns why. */
    private String read() throws InterruptedException {
        try (StatsClient client = StatsClient.connect(socket)) {
            while (true) {
                events.put(new Event.Came(Message.parse(client.line())));
            }
        } catch (IOException e) {
            return Text.clean(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        // Ends a read as well as a wait: channels close when the thread that uses them is interrupted.
        thread.interrupt();
    }
}
