// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions of UDP that send numbered datagrams at a fixed rate, whether the earlier ones were answered or not, one session after the other. An
 * answer has to come to the session that asked, from the target that it asked for, once, and unchanged. Thread-safe; one thread of its own.
 */
final class NumberedSessions implements AutoCloseable {
    private static final int BYTES = 16;
    /** What is overdue by more is left out: a thread that got no processor is not to fill sockets in one burst. */
    private static final long BEHIND_NANOS = 50_000_000;
    /** No answer for so long, and all have come that will. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int LISTED_FAILURES = 20;

    private final Selector selector = Selector.open();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Session> fresh = new ArrayList<>();
    private final Way freshWay;
    private final int freshEvery;
    private final long stepNanos;
    private final Thread thread = Thread.ofPlatform().daemon().name("numbered-sessions").unstarted(this::run);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ByteBuffer bytes = ByteBuffer.allocate(2 * BYTES);
    /** Of the thread until it has ended. */
    private final BitSet answered = new BitSet();
    private final AtomicInteger heard = new AtomicInteger();
    private volatile int sent;
    private volatile boolean stopping;

    /**
     * Where sessions go.
     *
     * @param port of the rule
     * @param target the letter that its target puts in front of what it sends back
     */
    record Way(int port, char target) {
    }

    private record Session(int number, Way way, DatagramChannel channel) {
    }

    /**
     * Opens them; the ways take turns. Nothing is sent yet.
     *
     * @param freshWay where each of the sessions goes that sends one datagram only
     * @param freshEvery how many datagrams of the others come before one of those
     */
    NumberedSessions(int count, List<Way> ways, Way freshWay, int freshEvery, int perSecond) throws IOException {
        this.freshWay = freshWay;
        this.freshEvery = freshEvery;
        stepNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int i = 0; i < count; i++) {
            sessions.add(open(i, ways.get(i % ways.size())));
        }
    }

    private Session open(int number, Way way) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), way.port()));
        Session session = new Session(number, way, channel);
        channel.register(selector, SelectionKey.OP_READ, session);
        return session;
    }

    /** Begins to send. */
    NumberedSessions start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            long due = System.nanoTime();
            while (!stopping) {
                long now = System.nanoTime();
                for (due = Math.max(due, now - BEHIND_NANOS); due <= now; due += stepNanos) {
                    send();
                }
                hear(Math.max(1, TimeUnit.NANOSECONDS.toMillis(due - now)));
            }
            long last = System.nanoTime();
            while (heard() < sent && System.nanoTime() - last < QUIET_NANOS) {
                int before = heard();
                hear(100);
                last = heard() > before ? System.nanoTime() : last;
            }
        } catch (IOException broken) {
            failed("a session broke: " + broken);
        }
    }

    private void send() throws IOException {
        int turn = sent;
        Session session;
        if (turn % freshEvery == freshEvery - 1) {
            session = open(sessions.size() + fresh.size(), freshWay);
            fresh.add(session);
        } else {
            // Not by the turn: some of them would then always give theirs to a fresh one.
            session = sessions.get((turn - fresh.size()) % sessions.size());
        }
        bytes.clear().putInt(session.number()).putInt(turn).putLong(mixed(session.number(), turn)).flip();
        session.channel().write(bytes);
        sent = turn + 1;
    }

    private static long mixed(int session, int turn) {
        return (((long) session << 32) | turn) * 0x9E3779B97F4A7C15L;
    }

    private void hear(long millis) throws IOException {
        selector.select(key -> {
            try {
                take((Session) key.attachment());
            } catch (IOException refused) {
                failed("session " + ((Session) key.attachment()).number() + ": " + refused);
            }
        }, millis);
    }

    private void take(Session session) throws IOException {
        for (int n = session.channel().read(bytes.clear()); n > 0; n = session.channel().read(bytes.clear())) {
            bytes.flip();
            char target = (char) bytes.get();
            if (n != BYTES + 1 || target != session.way().target()) {
                failed("session " + session.number() + " of target " + session.way().target() + " got " + n + " bytes of " + target);
                return;
            }
            checked(session, bytes.getInt(), bytes.getInt(), bytes.getLong());
        }
    }

    private void checked(Session session, int number, int turn, long mix) {
        if (number != session.number() || mix != mixed(number, turn)) {
            failed("session " + session.number() + " got what was for session " + number + ", or changed");
        } else if (answered.get(turn)) {
            failed("session " + number + " got the answer to " + turn + " twice");
        } else {
            answered.set(turn);
            heard.incrementAndGet();
        }
    }

    private void failed(String what) {
        if (failures.size() < LISTED_FAILURES) {
            failures.add(what);
        }
    }

    /** Datagrams that were sent so far. */
    int sent() {
        return sent;
    }

    /** Those that were answered so far. */
    int heard() {
        return heard.get();
    }

    /** After the end: how many of the datagrams from one number to another were not answered. */
    int lost(int from, int to) {
        return to - from - answered.get(from, to).cardinality();
    }

    /** What went wrong but loss; empty when nothing did. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Sends no more, waits for the answers that come, and ends the sessions. */
    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
