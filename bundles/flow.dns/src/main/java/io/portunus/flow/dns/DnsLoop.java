// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/**
 * The one thread of this bundle: its sockets and its timers. dnsjava's own client is not used, because its selector is static and cannot be
 * waited for, keeps TCP connections for ever, looks at time-outs only in a second without traffic, and ends for good by an exception when a
 * server resets a connection that is written to (3.6.3). Thread-safe: {@link #execute} and {@link #close}; the rest is confined to the thread.
 */
final class DnsLoop implements Timers, Exchange, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsLoop.class);
    /** The longest message that UDP can carry; longer than what is asked for by EDNS, because not every server heeds that. */
    private static final int SCRATCH_BYTES = 65_535;
    /** How long {@link #close} waits for the thread; it is never busy for longer than it takes to read a small file. */
    private static final Duration END = Duration.ofSeconds(2);
    private final Selector selector;
    private final Thread thread;
    /** Bounded by those who fill it: callers that wait for a name, see {@link Names#MAX_WAITING}, and a few acts of the component. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** One for each name that is kept, and a few for each look-up. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES);
    private long timersMade;
    /** Set by those who close, read by the thread. */
    private volatile boolean closing;
    /** Set by the thread: what is queued from now on is run by nobody. */
    private volatile boolean ended;

    private final class Timer implements Cancellable, Comparable<Timer> {
        private final long atNanos;
        private final long number = timersMade++;
        private final Runnable task;

        Timer(long atNanos, Runnable task) {
            this.atNanos = atNanos;
            this.task = task;
        }

        @Override
        public void cancel() {
            timers.remove(this);
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        // Timers differ by identity; the order has the number for that, so the two agree.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Starts the thread. */
    DnsLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for the resolver", e);
        }
        thread = Thread.ofPlatform().daemon().name("flow-dns").unstarted(this::run);
        thread.start();
    }

    /** A buffer to read into, cleared; it is the caller's until it returns. */
    ByteBuffer scratch() {
        return scratch.clear();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (ended && tasks.remove(task)) {
            throw new RejectedExecutionException("the resolver has ended");
        }
        selector.wakeup();
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + delay.toNanos(), task);
        timers.add(timer);
        return timer;
    }

    @Override
    public Cancellable ask(InetSocketAddress server, Message query, Consumer<Reply> reply) {
        Conversation conversation = new Conversation(this, server, query, reply);
        conversation.begin();
        return conversation;
    }

    /** Runs the task when the channel is ready. The channel is closed by whoever opened it, or with the loop. */
    SelectionKey watch(SelectableChannel channel, int interest, Runnable ready) throws IOException {
        return channel.register(selector, interest, ready);
    }

    private void run() {
        while (!closing) {
            guarded(this::turn);
        }
        ended = true;
        runTasks();
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            closeQuietly(key.channel());
        }
        closeQuietly(selector);
    }

    private void turn() {
        try {
            long millis = millisToTimer();
            if (millis == 0) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, millis < 0 ? 0 : millis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runTasks();
        runTimers();
    }

    /** -1: there is no timer. Rounded up, so that the thread does not spin through the last millisecond. */
    private long millisToTimer() {
        Timer next = timers.peek();
        return next == null ? -1 : Math.max(0, Math.ceilDiv(next.atNanos - System.nanoTime(), 1_000_000L));
    }

    private void ready(SelectionKey key) {
        guarded((Runnable) key.attachment());
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Timer next = timers.peek(); next != null && next.atNanos - now <= 0; next = timers.peek()) {
            timers.remove();
            guarded(next.task);
        }
    }

    /** The edge of the thread: a fault in one look-up must not end all others. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException lastResort) {
            LOG.error("The resolver has a fault; this look-up is lost.", lastResort);
        }
    }

    static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            LOG.debug("closing failed", e);
        }
    }

    /** Runs what is queued, closes all sockets and ends the thread. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                if (!thread.join(END)) {
                    LOG.warn("The thread of the resolver is late to end.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
