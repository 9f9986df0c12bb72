// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** A name server on one loopback port of UDP and TCP. What it sends is the zone's answer, or whatever the test makes of it. */
final class FakeServer implements Closeable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private final Zone zone;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    /** Question and answer to the datagrams that are sent. */
    volatile BiFunction<Message, Message, List<byte[]>> datagrams = (_, answer) -> List.of(answer.toWire());
    /** Called with each datagram that asks. */
    volatile Runnable asked = () -> { };
    /** Whether TCP connections are closed in the middle of the answer. */
    volatile boolean breaksOff;
    /** The most that is sent at once over TCP. */
    volatile int chunk = 65_537;

    FakeServer(Zone zone) throws IOException {
        this.zone = zone;
        tcp = new ServerSocket(0, 50, LOOPBACK);
        udp = new DatagramSocket(new InetSocketAddress(LOOPBACK, tcp.getLocalPort()));
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, tcp.getLocalPort());
    }

    /** The answer as one that did not fit. */
    static List<byte[]> truncated(Message answer) {
        Message head = new Message(answer.getHeader().getID());
        head.getHeader().setFlag(Flags.QR);
        head.getHeader().setFlag(Flags.TC);
        head.addRecord(answer.getQuestion(), 0);
        return List.of(head.toWire());
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
                asked.run();
                for (byte[] bytes : zone.answer(query).map(answer -> datagrams.apply(query, answer)).orElse(List.of())) {
                    udp.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                // Closed by the test, or by the resolver that has what it needs.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept(); DataInputStream in = new DataInputStream(socket.getInputStream())) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                Message query = new Message(in.readNBytes(in.readUnsignedShort()));
                byte[] bytes = zone.answer(query).orElseThrow(IOException::new).toWire();
                out.writeShort(bytes.length);
                for (int i = 0; i < (breaksOff ? bytes.length / 2 : bytes.length); i += chunk) {
                    out.write(bytes, i, Math.min(chunk, bytes.length - i));
                    out.flush();
                }
            } catch (IOException closed) {
                // Closed by the test, or by the resolver that has what it needs.
            }
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
