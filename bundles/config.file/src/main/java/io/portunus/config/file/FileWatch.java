// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file again and again, and calls back when it differs and has held still since the look before. The system would notify by itself,
 * but misses links that are swapped and files of another machine. Thread-safe; one thread of its own.
 */
final class FileWatch {
    /** Time between two looks. */
    static final Duration INTERVAL = Duration.ofMillis(500);
    private static final int LOOKS = 2;
    /** Looks that must agree that the file is gone or empty, as editors leave it for a moment: two seconds. */
    private static final int LOOKS_AT_NOTHING = 5;
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final Path file;
    private final Duration interval;
    private final Supplier<?> beside;
    private final Runnable changed;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A watch.
     *
     * @param file the file
     * @param interval time between two looks
     * @param beside what else is looked at: another answer counts as a change of the file does
     * @param changed called on the watch's thread, also once for the first look: nobody knows what happened before it
     */
    FileWatch(Path file, Duration interval, Supplier<?> beside, Runnable changed) {
        this.file = file;
        this.interval = interval;
        this.beside = beside;
        this.changed = changed;
    }

    private record Look(FileStamp file, Object beside) {
    }

    /** Looks on the thread {@code config-watch} until it is closed. */
    Thread start() {
        return Thread.ofPlatform().daemon().name("config-watch").start(this::look);
    }

    void close() {
        closed.countDown();
    }

    private void look() {
        Look notified = new Look(FileStamp.GONE, "");
        Look last = notified;
        int same = 0;
        while (!closedAfter(interval)) {
            Look now = new Look(FileStamp.of(file), beside.get());
            same = now.equals(last) ? same + 1 : 1;
            last = now;
            if (!now.equals(notified) && same >= (now.file().readable() ? LOOKS : LOOKS_AT_NOTHING)) {
                notified = now;
                notifyChanged();
            }
        }
    }

    private void notifyChanged() {
        try {
            changed.run();
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "config.watch_failed").setCause(lastResort).log("the changed file could not be taken");
        }
    }

    private boolean closedAfter(Duration wait) {
        try {
            return closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            return true;
        }
    }
}
