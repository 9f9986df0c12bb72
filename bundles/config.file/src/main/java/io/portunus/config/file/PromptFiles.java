// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.node.api.ReaderThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads files that answer in time. One that does not, as on a file system of a network that has gone, keeps a thread of its own until it does,
 * and not who asked: threads named {@code config-read}, {@link #MAX_THREADS} at most. Thread-safe.
 */
final class PromptFiles {
    /** Longest that reading a file may take. */
    static final Duration DEADLINE = Duration.ofSeconds(10);
    /** Most reads that wait for an answer; while they do, no other begins. */
    static final int MAX_THREADS = 4;

    /** Names of what the process was given open, which may be a pipe: it is read once, and somebody is at its other end. */
    private static final List<String> DESCRIPTORS = List.of("/dev/stdin", "/dev/fd/", "/proc/self/fd/");

    private final Source source;
    private final Duration deadline;
    private final ReaderThreads threads = new ReaderThreads("config-read", MAX_THREADS);

    /** Where bytes come from. */
    interface Source {
        /** Reads a file up to so many bytes. */
        byte[] read(Path file, int most) throws IOException;
    }

    private PromptFiles(Source source, Duration deadline) {
        this.source = source;
        this.deadline = deadline;
    }

    /** Files that are read again and again: regular ones, or links to them. */
    static PromptFiles regular() {
        return new PromptFiles((file, most) -> read(file, most, false), DEADLINE);
    }

    /** The same, and descriptors of the process, for who reads a file once. */
    static PromptFiles once() {
        return new PromptFiles((file, most) -> read(file, most, true), DEADLINE);
    }

    /** Files of another source, for tests. */
    static PromptFiles of(Source source, Duration deadline) {
        return new PromptFiles(source, deadline);
    }

    private static byte[] read(Path file, int most, boolean descriptors) throws IOException {
        // Looked at first: to open a pipe waits for somebody who writes.
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile() && !(descriptors && isDescriptor(file))) {
            throw new IOException(Files.isDirectory(file) ? "it is a directory" : "it is a pipe, a socket or a device, and no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }

    private static boolean isDescriptor(Path file) {
        return !Files.isDirectory(file) && DESCRIPTORS.stream().anyMatch(file.toString()::startsWith);
    }

    /**
     * Reads a file up to so many bytes.
     *
     * @throws IOException if it cannot be read, or not in time
     */
    byte[] read(Path file, int most) throws IOException {
        return result(threads.begin(() -> source.read(file, most)).orElseThrow(() ->
            new IOException(MAX_THREADS + " earlier tries to read it still wait for an answer")));
    }

    private byte[] result(FutureTask<byte[]> reading) throws IOException {
        try {
            return reading.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            reading.cancel(true);
            throw new IOException("it did not answer within " + deadline.toSeconds() + " s", late);
        } catch (InterruptedException stop) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("reading it was interrupted", stop);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException unreadable -> throw unreadable;
                case UncheckedIOException unreadable -> throw unreadable.getCause();
                case null, default -> throw new IOException(String.valueOf(failed.getCause()), failed);
            }
        }
    }
}
