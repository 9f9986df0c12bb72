// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands between two name servers and makes the answers of the second late, or failures. Thread-safe. */
final class SlowNames implements AutoCloseable {
    /** What a question is answered with by nobody: a response (RFC 1035 §4.1.1) with SERVFAIL. */
    private static final int RESPONSE = 0x80;
    private static final int SERVFAIL = 2;
    private static final int PATIENCE_MILLIS = 10_000;

    private final DatagramSocket socket;
    private final InetSocketAddress behind;
    private final AtomicInteger asked = new AtomicInteger();
    /** Volatile: the test changes them while questions come. */
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean failing;

    SlowNames(int portBehind) {
        behind = new InetSocketAddress(InetAddress.getLoopbackAddress(), portBehind);
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("slow-names").start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Questions so far. */
    int asked() {
        return asked.get();
    }

    void late(Duration by) {
        delay = by;
    }

    void failing(boolean from) {
        failing = from;
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                asked.incrementAndGet();
                byte[] question = Arrays.copyOf(buffer, packet.getLength());
                InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
                Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
                later.execute(() -> answer(question, from));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void answer(byte[] question, InetSocketAddress from) {
        try {
            byte[] answer = failing ? failure(question) : ask(question);
            socket.send(new DatagramPacket(answer, answer.length, from));
        } catch (IOException closed) {
            // Who asked asks again.
        }
    }

    private static byte[] failure(byte[] question) {
        byte[] failure = question.clone();
        failure[2] |= (byte) RESPONSE;
        failure[3] = (byte) (RESPONSE | SERVFAIL);
        return failure;
    }

    private byte[] ask(byte[] question) throws IOException {
        try (DatagramSocket to = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            to.setSoTimeout(PATIENCE_MILLIS);
            to.send(new DatagramPacket(question, question.length, behind));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            to.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
