// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Resolves target names by the JDK, whose cache it uses, on threads of its own. Thread-safe. getaddrinfo(3) cannot be called off, so a
 * slow look-up keeps its thread; threads and queue are bounded, and beyond them a look-up fails at once. It is never shut down: its threads
 * end when they have been idle for a while, so it goes with the last flow that needs it.
 */
final class NameResolver {
    /** Look-ups at the same time. */
    private static final int MAX_THREADS = 16;
    /** After this time without work a thread ends. */
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** Look-ups that may wait for a thread. */
    private static final int MAX_WAITING = 256;
    /** How long a flow waits for its look-up. */
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    /** Addresses of one name that are tried. */
    private static final int MAX_ADDRESSES = 8;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, IDLE.toMillis(), TimeUnit.MILLISECONDS,
        new ArrayBlockingQueue<>(MAX_WAITING), Thread.ofPlatform().daemon().name("flow-dns-", 1).factory());

    NameResolver() {
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Looks a name up and tells the answer on the loop: the addresses, the wanted family first, or an empty list when there is none, when
     * it takes too long, or when too many look-ups are under way.
     */
    Cancellable resolve(String host, boolean preferIpv6, EventLoop loop, Consumer<List<InetAddress>> answer) {
        OneAnswer once = new OneAnswer(answer);
        once.deadline = loop.after(DEADLINE, () -> once.give(List.of()));
        try {
            threads.execute(() -> {
                List<InetAddress> found = lookUp(host, preferIpv6);
                loop.execute(() -> once.give(found));
            });
        } catch (RejectedExecutionException tooMany) {
            loop.execute(() -> once.give(List.of()));
        }
        return once;
    }

    private static List<InetAddress> lookUp(String host, boolean preferIpv6) {
        try {
            Comparator<InetAddress> byFamily = Comparator.comparing(a -> a.getAddress().length);
            return Arrays.stream(InetAddress.getAllByName(host)).sorted(preferIpv6 ? byFamily.reversed() : byFamily).limit(MAX_ADDRESSES).toList();
        } catch (UnknownHostException none) {
            return List.of();
        }
    }

    /** Gives the first answer only. Confined to the loop. */
    private static final class OneAnswer implements Cancellable {
        private final Consumer<List<InetAddress>> answer;
        private Cancellable deadline = () -> { };
        private boolean given;

        OneAnswer(Consumer<List<InetAddress>> answer) {
            this.answer = answer;
        }

        void give(List<InetAddress> addresses) {
            if (!given) {
                cancel();
                answer.accept(addresses);
            }
        }

        @Override
        public void cancel() {
            given = true;
            deadline.cancel();
        }
    }
}
