// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server on the loopback address that says what the test says (RFC 1035 §4). It writes its messages itself: a library on the class
 * path of the tests may take the JDK's own look-ups over. Thread-safe.
 */
final class NameServer implements AutoCloseable {
    /** Codes of RFC 1035 §4.1.1. */
    static final int SERVFAIL = 2;
    static final int NXDOMAIN = 3;

    private static final int HEADER = 12;
    private static final short RESPONSE_WITH_RECURSION = (short) 0x8180;
    private static final short POINTER_TO_QUESTION = (short) 0xc00c;
    private static final short TYPE_A = 1;
    private static final short TYPE_AAAA = 28;
    private static final short CLASS_IN = 1;

    private final DatagramSocket socket;
    private final Map<String, Zone> zones = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    /** Volatile: the test changes it while the server answers. */
    private volatile boolean silent;

    private record Zone(int code, int ttl, List<byte[]> addresses) {
    }

    NameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("name-server").start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Questions so far. */
    int asked() {
        return asked.get();
    }

    void says(String name, int ttl, String... addresses) {
        zones.put(name, new Zone(0, ttl, Arrays.stream(addresses).map(NameServer::literal).toList()));
    }

    private static byte[] literal(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void fails(String name, int code) {
        zones.put(name, new Zone(code, 0, List.of()));
    }

    void silent(boolean from) {
        silent = from;
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                asked.incrementAndGet();
                if (!silent) {
                    byte[] answer = answer(buffer, packet.getLength());
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private byte[] answer(byte[] message, int length) {
        ByteBuffer query = ByteBuffer.wrap(message, 0, length);
        short id = query.getShort(0);
        String name = name(query.position(HEADER));
        short type = query.getShort();
        byte[] question = Arrays.copyOfRange(message, HEADER, query.position() + Short.BYTES);
        Zone zone = zones.getOrDefault(name, new Zone(NXDOMAIN, 0, List.of()));
        List<byte[]> wanted = zone.addresses().stream().filter(a -> type == (a.length == 4 ? TYPE_A : TYPE_AAAA)).toList();
        ByteBuffer answer = ByteBuffer.allocate(1024).putShort(id).putShort((short) (RESPONSE_WITH_RECURSION | zone.code()))
            .putShort((short) 1).putShort((short) wanted.size()).putInt(0).put(question);
        for (byte[] address : wanted) {
            answer.putShort(POINTER_TO_QUESTION).putShort(type).putShort(CLASS_IN).putInt(zone.ttl()).putShort((short) address.length).put(address);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    private static String name(ByteBuffer query) {
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    @Override
    public void close() {
        socket.close();
    }
}
