// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A client of datagrams that takes what comes from the address that it asks, and nothing else. Confined to one thread. */
public final class DatagramClient implements AutoCloseable {
    private static final int LONGEST = 65_535;

    private final DatagramSocket socket;
    /** Not connected to it, since a connected socket of the JDK sends no empty datagram. */
    private final InetSocketAddress peer;

    private DatagramClient(InetSocketAddress local, InetSocketAddress to) throws IOException {
        socket = new DatagramSocket(local);
        peer = to;
    }

    /** One that asks a port of this machine's loopback address. */
    public static DatagramClient of(int port) throws IOException {
        return to(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    /** One that asks an address. */
    public static DatagramClient to(InetSocketAddress address) throws IOException {
        return new DatagramClient(new InetSocketAddress(0), address);
    }

    /** One that asks from an address. */
    public static DatagramClient from(InetAddress local, InetSocketAddress to) throws IOException {
        return new DatagramClient(new InetSocketAddress(local, 0), to);
    }

    /** Sends a datagram. */
    public void send(byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, peer));
    }

    /** Sends text. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next datagram from the address that is asked; empty if none comes in time. */
    public Optional<byte[]> receive(Duration atMost) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long rest = atMost.toMillis(); rest > 0; rest = (deadline - System.nanoTime()) / 1_000_000) {
            socket.setSoTimeout(Math.toIntExact(rest));
            packet.setLength(LONGEST);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException nothing) {
                return Optional.empty();
            }
            if (packet.getSocketAddress().equals(peer)) {
                return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
            }
        }
        return Optional.empty();
    }

    /** Sends text until it is answered, as clients of lossy networks do; the answer. */
    public String ask(String text, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline) {
            send(text);
            Optional<byte[]> answer = receive(Duration.ofSeconds(1));
            if (answer.isPresent()) {
                return new String(answer.get(), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no answer within " + atMost);
    }

    @Override
    public void close() {
        socket.close();
    }
}
