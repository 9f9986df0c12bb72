// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.stats;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Connects to the targets from here every two seconds, which tells what the view of this machine is, not what the daemon thinks. At most 256
 * targets, 32 at once. Thread-safe.
 */
final class Probes implements AutoCloseable {
    /** Targets that are probed; those after them stay unknown. */
    static final int MAX_TARGETS = 256;
    private static final int AT_ONCE = 32;
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Map<Message.Target, Result> results = new ConcurrentHashMap<>();
    private final Set<Message.Target> busy = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Volatile: written by the screen, read by the probing thread. */
    private volatile List<Message.Target> targets = List.of();

    /** What a probe found. */
    enum Result {
        /** It was not asked yet. */
        UNKNOWN("?"),
        /** It took the connection. */
        UP("up"),
        /** It refused, or did not answer in time, or its name is unknown here. */
        DOWN("DOWN");

        private final String text;

        Result(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    void start() {
        Thread.ofVirtual().name("stats-probes").start(this::rounds);
    }

    /** What to probe from now on. */
    void targets(List<Message.Target> all) {
        List<Message.Target> some = all.stream().filter(target -> target.port() > 0).distinct().limit(MAX_TARGETS).toList();
        targets = some;
        results.keySet().retainAll(Set.copyOf(some));
    }

    /** What is known of the targets. */
    Map<Message.Target, Result> results() {
        return results.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void rounds() {
        try {
            do {
                for (Message.Target target : targets) {
                    // One whose name is still looked up is not asked a second time.
                    if (busy.add(target)) {
                        places.acquire();
                        Thread.ofVirtual().name("stats-probe").start(() -> probe(target));
                    }
                }
            } while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe(Message.Target target) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), (int) TIMEOUT.toMillis());
            // A connection with itself (simultaneous open, RFC 9293 §3.5): nobody listens.
            boolean itself = socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress());
            if (itself) {
                // An end in order would keep the port from whoever wants to listen there, for a minute (TIME_WAIT).
                socket.setSoLinger(true, 0);
            }
            found(target, itself ? Result.DOWN : Result.UP);
        } catch (IOException down) {
            found(target, Result.DOWN);
        } finally {
            places.release();
            busy.remove(target);
        }
    }

    private void found(Message.Target target, Result result) {
        if (targets.contains(target)) {
            results.put(target, result);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
