// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import io.portunus.itest.testkit.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A relay in front of a server, which delivers a few bytes, pauses, and delivers a few more, both ways. Thread-safe. */
final class SlowWire implements AutoCloseable {
    private static final int CHUNK_BYTES = 8192;

    private final int behind;
    private final Backend front;
    /** Volatile: the test changes it while bytes flow. */
    private volatile Duration pause;

    SlowWire(int portBehind, Duration pause) {
        this.behind = portBehind;
        this.pause = pause;
        this.front = Backend.start(this::relay);
    }

    int port() {
        return front.port();
    }

    void pauses(Duration between) {
        pause = between;
    }

    private void relay(Socket client) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            Thread up = Thread.ofVirtual().start(() -> {
                try {
                    deliver(client, server);
                } catch (IOException over) {
                    // The other way reports it.
                }
            });
            deliver(server, client);
            up.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the end of one side, which it passes on. */
    private void deliver(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
            LockSupport.parkNanos(pause.toNanos());
            out.write(chunk, 0, read);
        }
        LockSupport.parkNanos(pause.toNanos());
        to.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        front.close();
    }
}
