// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSourceChannel;

/**
 * The body of a request, read as it comes: it holds no byte itself. Its length is known and was checked before. Undertow's own blocking
 * stream waits with a selector for each thread, a descriptor that the thread leaves to the collector; this one lets the I/O thread
 * wake the reader. What is wrong with the body is a {@link RefusedException}, so an {@link IOException} of whoever copies it is the fault
 * of the copy. Confined to the thread that works.
 */
final class RequestBody extends InputStream {
    /** Longest that a client may be silent in the midst of its body. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private final StreamSourceChannel channel;
    private final Semaphore readable = new Semaphore(0);
    private final Duration atMost;
    private final long endNanos;

    /**
     * Takes the channel over. Must not be made within Undertow's call of a handler, which puts off every wish to read until its end.
     *
     * @param atMost longest from now to the last byte, however steadily they drip
     */
    RequestBody(StreamSourceChannel channel, Duration atMost) {
        this.channel = channel;
        this.atMost = atMost;
        endNanos = System.nanoTime() + atMost.toNanos();
        channel.getReadSetter().set(source -> {
            source.suspendReads();
            readable.release();
        });
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        try {
            int read = channel.read(buffer);
            while (read == 0) {
                await();
                read = channel.read(buffer);
            }
            return read;
        } catch (IOException cut) {
            throw incomplete("The body ended early (" + cut.getMessage() + ").");
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw Problems.closing();
        }
    }

    private void await() throws InterruptedException {
        channel.resumeReads();
        long left = endNanos - System.nanoTime();
        if (!readable.tryAcquire(Math.min(left, SILENCE.toNanos()), TimeUnit.NANOSECONDS)) {
            channel.suspendReads();
            throw incomplete(left < SILENCE.toNanos() ? "The body did not come within " + atMost.toMillis() + " ms."
                : "No byte of the body came for " + SILENCE.toSeconds() + " s.");
        }
    }

    private static RefusedException incomplete(String sentence) {
        return new RefusedException(400, "body_incomplete", "", sentence);
    }
}
