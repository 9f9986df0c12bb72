// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A name server on the loopback address that answers what the test sets (RFC 1035 §4). It writes its messages itself: a library on the class
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
    private static final short TYPE_SRV = 33;
    private static final short TRUNCATED = 0x0200;
    private static final short CLASS_IN = 1;

    private final ServerSocket tcp;
    private final DatagramSocket socket;
    private final Map<String, Zone> zones = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    /** Volatile: the test changes it while the server answers. */
    private volatile boolean silent;
    private volatile boolean tooLong;
    private final AtomicInteger askedByTcp = new AtomicInteger();

    /** What a name has: the data of its records by their type. */
    private record Zone(int code, int ttl, Map<Short, List<byte[]>> records) {
        Zone(int code) {
            this(code, 0, Map.of());
        }
    }

    NameServer() throws IOException {
        tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("name-server").start(this::serve);
        Thread.ofVirtual().name("name-server-tcp").start(this::serveTcp);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Questions so far. */
    int asked() {
        return asked.get();
    }

    void resolves(String name, int ttl, String... addresses) {
        zones.put(name, new Zone(0, ttl, Arrays.stream(addresses).map(NameServer::literal)
            .collect(Collectors.groupingBy(a -> a.length == 4 ? TYPE_A : TYPE_AAAA))));
    }

    /** Hosts of a service, {@code "priority weight port host"} (RFC 2782). */
    void serves(String name, int ttl, String... hosts) {
        zones.put(name, new Zone(0, ttl, Map.of(TYPE_SRV, Arrays.stream(hosts).map(NameServer::host).toList())));
    }

    private static byte[] host(String text) {
        String[] words = text.split(" ");
        ByteBuffer data = ByteBuffer.allocate(300);
        for (int i = 0; i < 3; i++) {
            data.putShort((short) Integer.parseInt(words[i]));
        }
        for (String label : words[3].split("\\.")) {
            data.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        return Arrays.copyOf(data.array(), data.put((byte) 0).position());
    }

    /** Whether answers by UDP say only that there is more by TCP. */
    void tooLong(boolean from) {
        tooLong = from;
    }

    int askedByTcp() {
        return askedByTcp.get();
    }

    private static byte[] literal(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void fails(String name, int code) {
        zones.put(name, new Zone(code));
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
                    if (tooLong) {
                        answer = truncated(answer);
                    }
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** The header, with the question behind it and a mark that there is more. */
    private static byte[] truncated(byte[] answer) {
        ByteBuffer head = ByteBuffer.wrap(answer);
        name(head.position(HEADER));
        head.putShort(2, (short) (head.getShort(2) | TRUNCATED)).putShort(6, (short) 0);
        return Arrays.copyOf(answer, head.position() + 2 * Short.BYTES);
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket asks = tcp.accept()) {
                    asks.setSoTimeout(5_000);
                    DataInputStream in = new DataInputStream(asks.getInputStream());
                    byte[] query = in.readNBytes(in.readUnsignedShort());
                    askedByTcp.incrementAndGet();
                    byte[] answer = answer(query, query.length);
                    ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + answer.length).putShort((short) answer.length).put(answer);
                    asks.getOutputStream().write(framed.array());
                } catch (IOException brokenOff) {
                    if (tcp.isClosed()) {
                        throw brokenOff;
                    }
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
        Zone zone = zones.getOrDefault(name, new Zone(NXDOMAIN));
        List<byte[]> wanted = zone.records().getOrDefault(type, List.of());
        ByteBuffer answer = ByteBuffer.allocate(1024).putShort(id).putShort((short) (RESPONSE_WITH_RECURSION | zone.code()))
            .putShort((short) 1).putShort((short) wanted.size()).putInt(0).put(question);
        for (byte[] data : wanted) {
            answer.putShort(POINTER_TO_QUESTION).putShort(type).putShort(CLASS_IN).putInt(zone.ttl()).putShort((short) data.length).put(data);
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
    public void close() throws IOException {
        socket.close();
        tcp.close();
    }
}
