// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.portunus.itest.testkit.Await;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * New connections at a steady rate, whether the earlier ones were served or not: each sends something, expects it back from the right backend,
 * and closes. Thread-safe.
 */
final class Arrivals implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final List<Caller> callers;
    private final ScheduledFuture<?> beat;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("arrivals").factory());
    private final Queue<Served> served = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * What a connection sends and whom it expects.
     *
     * @param port where it connects
     * @param backend whose name it must receive
     * @param words what it sends, and expects back; a character a byte
     */
    record Caller(int port, String backend, String words) {
        Caller(int port, String backend, byte[] words) {
            this(port, backend, new String(words, StandardCharsets.ISO_8859_1));
        }

        byte[] bytes() {
            return words.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * A connection that was served.
     *
     * @param beganNanos when it was opened
     * @param tookNanos how long it took to its last byte
     */
    record Served(long beganNanos, long tookNanos) {
        boolean touches(long fromNanos, long toNanos) {
            return beganNanos <= toNanos && beganNanos + tookNanos >= fromNanos;
        }
    }

    /** Starts. */
    Arrivals(int perSecond, List<Caller> callers) {
        this.callers = List.copyOf(callers);
        beat = pace.scheduleAtFixedRate(this::next, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    private void next() {
        Caller caller = callers.get(sent.getAndIncrement() % callers.size());
        underWay.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                call(caller);
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private void call(Caller caller) {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), caller.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            byte[] words = caller.bytes();
            socket.getOutputStream().write(words);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String name = Streams.line(in);
            if (!name.equals(caller.backend())) {
                failures.add("wanted " + caller.backend() + ", got " + name);
            } else if (!Arrays.equals(in.readNBytes(words.length), words)) {
                failures.add(caller.backend() + ": what was said came back changed");
            } else {
                served.add(new Served(began, System.nanoTime() - began));
            }
        } catch (IOException lost) {
            failures.add(caller.backend() + ": " + lost + " after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        }
    }

    /** Connections that were served well. */
    List<Served> served() {
        return List.copyOf(served);
    }

    /** What went wrong; empty when nothing did. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** The 99th percentile in milliseconds. */
    static double p99(LongStream tookNanos) {
        long[] sorted = tookNanos.sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6;
    }

    /** Sends no more and waits for the answers. */
    @Override
    public void close() {
        beat.cancel(false);
        pace.shutdownNow();
        Await.until("the last arrivals are served", Duration.ofMillis(2L * PATIENCE_MILLIS),
            () -> underWay.get() == 0);
    }
}
