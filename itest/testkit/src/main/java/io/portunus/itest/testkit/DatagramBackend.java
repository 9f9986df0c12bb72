// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A target that answers each datagram: with the same bytes, behind a name if it has one. Thread-safe. */
public final class DatagramBackend implements AutoCloseable {
    private static final int LONGEST = 65_535;

    private final DatagramSocket socket;
    private final byte[] name;
    private final boolean silent;
    private final Map<InetSocketAddress, Integer> peers = new ConcurrentHashMap<>();
    private final AtomicInteger received = new AtomicInteger();

    private DatagramBackend(int port, String name, boolean silent) {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setReceiveBufferSize(1 << 20);
        } catch (IOException e) {
            throw new IllegalStateException("no port for a target", e);
        }
        this.name = name.getBytes(StandardCharsets.UTF_8);
        this.silent = silent;
        Thread.ofPlatform().daemon().name("datagram-backend").start(this::serve);
    }

    /** One that sends back what it gets. */
    public static DatagramBackend echo() {
        return new DatagramBackend(0, "", false);
    }

    /** One that puts a name in front. */
    public static DatagramBackend naming(String name) {
        return new DatagramBackend(0, name, false);
    }

    /** The same on a port. */
    public static DatagramBackend naming(String name, int port) {
        return new DatagramBackend(port, name, false);
    }

    /** One that answers nothing. */
    public static DatagramBackend silent() {
        return new DatagramBackend(0, "", true);
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        while (!socket.isClosed()) {
            try {
                packet.setLength(LONGEST);
                socket.receive(packet);
                received.incrementAndGet();
                peers.merge(new InetSocketAddress(packet.getAddress(), packet.getPort()), 1, Integer::sum);
                if (!silent) {
                    byte[] answer = Arrays.copyOf(name, name.length + packet.getLength());
                    System.arraycopy(packet.getData(), 0, answer, name.length, packet.getLength());
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closedOrTooLong) {
                // A closed socket ends the loop; an answer that is too long is lost, as everywhere.
            }
        }
    }

    /** Its port. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Datagrams that came. */
    public int received() {
        return received.get();
    }

    /** Addresses they came from. */
    public int peers() {
        return peers.size();
    }

    @Override
    public void close() {
        socket.close();
    }
}
