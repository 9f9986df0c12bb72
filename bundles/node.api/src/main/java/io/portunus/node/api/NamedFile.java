// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Files that an operator names, anywhere: one may be a pipe to which nobody writes, a device without an end, or lie on a disk that is away.
 * Only regular files are read, as much as is allowed, by a thread of their own, so that the caller goes on when the time is over.
 * Thread-safe.
 */
public final class NamedFile {
    /** Readings at a time, those included that never end; above, a file is refused at once. */
    static final int MOST = 8;
    private static final int BUFFER = 1 << 16;
    private static final ReaderThreads READERS = new ReaderThreads("named-file", MOST);

    private NamedFile() {
    }

    /**
     * Reads a file.
     *
     * @param most largest size in bytes
     * @throws IOException with a sentence if it is no regular file, too large, or not read in time
     */
    public static byte[] read(Path file, int most, Duration atMost) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copy(file, bytes, most, atMost);
        return bytes.toByteArray();
    }

    /**
     * Copies a file. After the time is over something may still be written, unless the caller closes the stream.
     *
     * @param most largest size in bytes
     * @throws IOException with a sentence if it is no regular file, too large, or not read in time
     */
    public static void copy(Path file, OutputStream to, long most, Duration atMost) throws IOException {
        FutureTask<Long> task = READERS.begin(() -> transfer(file, to, most)).orElseThrow(() ->
            new IOException("as many files as may be are being read, which do not answer; see to the disk of " + file));
        try {
            task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("it was not read within " + atMost.toSeconds() + " s; see to the disk that it is on", late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException reason ? reason : new IOException(String.valueOf(failed.getCause()), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("the reading was broken off", stopped);
        } finally {
            task.cancel(false);
        }
    }

    private static long transfer(Path file, OutputStream to, long most) throws IOException {
        BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
        if (!about.isRegularFile()) {
            throw new IOException("it is " + (about.isDirectory() ? "a folder" : "a pipe, a socket or a device") + ", and no regular file");
        }
        // The size is only a claim: the file may grow, and some have none.
        if (about.size() > most) {
            throw tooLarge(most);
        }
        long read = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                read += n;
                if (read > most) {
                    throw tooLarge(most);
                }
                to.write(buffer, 0, n);
            }
        }
        return read;
    }

    private static IOException tooLarge(long most) {
        return new IOException("it has more than " + most + " bytes");
    }
}
