// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

/**
 * Long connections that never stop talking: each sends a chunk of random bytes, waits for its echo, compares every byte, and rests a little.
 * The backend has to be the one that was asked for. Thread-safe; a virtual thread each.
 */
final class Streams implements AutoCloseable {
    private static final int CHUNK = 2048;
    /** A chunk that does not come back in this time is lost. */
    private static final int PATIENCE_MILLIS = 20_000;

    /** Handshakes under way at once: more than the appliance's max_peeks would rightly be refused. */
    private final Semaphore opening = new Semaphore(64);
    private final long restNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder exchanged = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean stopping;

    /**
     * No streams yet.
     *
     * @param rest how long each rests after an exchange
     */
    Streams(Duration rest) {
        restNanos = rest.toNanos();
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Dial {
        Socket open() throws IOException;
    }

    /** Adds streams to a backend of a name. */
    void add(int count, String backend, Dial dial) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().name(backend + "-" + i).start(() -> talk(backend, dial)));
        }
    }

    private void talk(String backend, Dial dial) {
        try (Socket socket = open(dial)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String name = line(in);
            if (name.equals(backend)) {
                open.incrementAndGet();
                exchange(backend, socket, in);
            } else {
                failures.add("wanted " + backend + ", got " + name);
            }
        } catch (IOException lost) {
            failures.add(backend + ": " + lost);
        }
    }

    private Socket open(Dial dial) throws IOException {
        opening.acquireUninterruptibly();
        try {
            Socket socket = dial.open();
            socket.setSoTimeout(PATIENCE_MILLIS);
            if (socket instanceof SSLSocket tls) {
                tls.startHandshake();
            }
            return socket;
        } finally {
            opening.release();
        }
    }

    private void exchange(String backend, Socket socket, InputStream in) throws IOException {
        SplittableRandom random = new SplittableRandom();
        byte[] chunk = new byte[CHUNK];
        while (!stopping) {
            random.nextBytes(chunk);
            socket.getOutputStream().write(chunk);
            socket.getOutputStream().flush();
            if (!Arrays.equals(in.readNBytes(CHUNK), chunk)) {
                failures.add(backend + ": a chunk came back changed, or did not come back");
                return;
            }
            exchanged.increment();
            LockSupport.parkNanos(restNanos);
        }
    }

    /** The line a backend begins with. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended before the backend had said its name");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    /** Streams that found their backend. */
    int open() {
        return open.get();
    }

    /** Chunks that came back whole. */
    long exchanged() {
        return exchanged.sum();
    }

    /** What went wrong; empty when nothing did. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets every stream finish its chunk and close. */
    @Override
    public void close() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
