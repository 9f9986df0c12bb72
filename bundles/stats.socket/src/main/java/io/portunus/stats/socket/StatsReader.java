// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program that reads, with two virtual threads: one writes, one throws away what comes. At most one hello and one snapshot wait for it; who
 * is slow misses snapshots, and who takes nothing for the write timeout is let go. Thread-safe.
 */
final class StatsReader implements AutoCloseable {
    /** What a reader may send before it is taken for something else. */
    static final long MAX_INPUT_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(StatsReader.class);
    private static final int INPUT_BUFFER_BYTES = 4096;
    private static final byte[] NOTHING = {};

    private final SocketChannel channel;
    private final ScheduledExecutorService timer;
    private final Duration writeTimeout;
    private final Runnable ended;
    private final AtomicReference<byte[]> hello = new AtomicReference<>(NOTHING);
    private final AtomicReference<Numbered> snapshot = new AtomicReference<>(Numbered.NONE);
    private final AtomicLong offered = new AtomicLong();
    private final Semaphore waiting = new Semaphore(0);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes over a connection.
     *
     * @param ended called once, when the connection is closed
     */
    StatsReader(SocketChannel channel, ScheduledExecutorService timer, Duration writeTimeout, Runnable ended) {
        this.channel = channel;
        this.timer = timer;
        this.writeTimeout = writeTimeout;
        this.ended = ended;
    }

    void start() {
        Thread.ofVirtual().name("stats-writer").start(this::write);
        Thread.ofVirtual().name("stats-input").start(this::discard);
    }

    /** Comes before any snapshot that waits. */
    void hello(byte[] line) {
        hello.set(line);
        waiting.release();
    }

    /** A snapshot, and which of this reader's it is. */
    private record Numbered(SnapshotLine line, long seq) {
        static final Numbered NONE = new Numbered(SnapshotLine.NONE, 0);

        byte[] bytes() {
            return seq == 0 ? NOTHING : line.numbered(seq);
        }
    }

    /** Takes the place of a snapshot that still waits. */
    void snapshot(SnapshotLine line) {
        snapshot.set(new Numbered(line, offered.incrementAndGet()));
        waiting.release();
    }

    private void write() {
        try {
            while (!closed.get()) {
                waiting.acquire();
                waiting.drainPermits();
                send(hello.getAndSet(NOTHING));
                send(snapshot.getAndSet(Numbered.NONE).bytes());
            }
        } catch (IOException e) {
            end(e);
        } catch (InterruptedException stop) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    private void send(byte[] line) throws IOException {
        if (line.length == 0) {
            return;
        }
        ScheduledFuture<?> deadline = timer.schedule(this::stall, writeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            deadline.cancel(false);
        }
    }

    private void stall() {
        LOG.atWarn().addKeyValue("event", "standalone.stats_client_write_failed").addKeyValue("timeout_millis", writeTimeout.toMillis())
            .log("a reader of the statistics took nothing within the time for it and was let go");
        close();
    }

    /** A reader that only ends its own output goes on reading; one that has gone is noticed by the next write. */
    private void discard() {
        ByteBuffer buffer = ByteBuffer.allocate(INPUT_BUFFER_BYTES);
        long taken = 0;
        try {
            int count = channel.read(buffer);
            while (count >= 0) {
                taken += count;
                if (taken > MAX_INPUT_BYTES) {
                    throw new IOException("it sent more than " + MAX_INPUT_BYTES + " bytes");
                }
                buffer.clear();
                count = channel.read(buffer);
            }
        } catch (IOException e) {
            end(e);
        }
    }

    private void end(IOException why) {
        if (!closed.get()) {
            LOG.atDebug().addKeyValue("event", "standalone.stats_client_disconnected").addKeyValue("reason", String.valueOf(why.getMessage()))
                .log("a reader of the statistics has gone");
        }
        close();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("event", "standalone.stats_client_disconnected").addKeyValue("reason", String.valueOf(e.getMessage()))
                .log("a reader of the statistics did not close in order");
        } finally {
            waiting.release();
            ended.run();
        }
    }
}
