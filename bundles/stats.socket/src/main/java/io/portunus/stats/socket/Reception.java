// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts readers on a virtual thread, at most {@value #MAX_READERS} at once. Thread-safe. */
final class Reception implements AutoCloseable {
    /** Readers at once; the next is closed before anything is sent. */
    static final int MAX_READERS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    private static final long PAUSE_MILLIS = 1000;

    private final SocketFile file;
    private final BiConsumer<Reception, SocketChannel> accepted;
    private final Semaphore places = new Semaphore(MAX_READERS);
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Whether it was logged that there is no room; logged again once there was some. Confined to the accepting thread. */
    private boolean loggedFull;

    /**
     * Begins to accept.
     *
     * @param accepted takes a connection over, and gives its place back by {@link #left} once it is closed
     */
    Reception(SocketFile file, BiConsumer<Reception, SocketChannel> accepted) {
        this.file = file;
        this.accepted = accepted;
        Thread.ofVirtual().name("stats-accept").start(this::accept);
    }

    /** Gives back the place of a reader. */
    void left() {
        places.release();
    }

    private void accept() {
        boolean failing = false;
        while (closed.getCount() > 0) {
            try {
                admit(file.channel());
                failing = false;
            } catch (ClosedChannelException end) {
                return;
            } catch (IOException e) {
                if (!failing) {
                    LOG.atWarn().addKeyValue("event", "standalone.stats_accept_error").addKeyValue("reason", String.valueOf(e.getMessage()))
                        .log("readers of the statistics cannot be accepted; it is tried again every second");
                }
                failing = true;
                pause();
            }
        }
    }

    private void admit(ServerSocketChannel channel) throws IOException {
        SocketChannel connection = channel.accept();
        if (places.tryAcquire()) {
            loggedFull = false;
            accepted.accept(this, connection);
            return;
        }
        connection.close();
        if (!loggedFull) {
            loggedFull = true;
            LOG.atWarn().addKeyValue("event", "standalone.stats_conn_limit_reached").addKeyValue("max", MAX_READERS)
                .log("a reader of the statistics was refused because as many are connected as may be");
        }
    }

    private void pause() {
        try {
            if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops to accept and removes the file; readers stay. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        file.close();
    }
}
