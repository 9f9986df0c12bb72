// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on the loopback interface that knows one address of each family, the same for every name. Has a thread until it is closed. */
final class SampleServer implements Closeable {
    /** Documentation addresses, RFC 5737 and RFC 3849. */
    static final InetAddress IPV4 = InetAddress.ofLiteral("192.0.2.1");
    static final InetAddress IPV6 = InetAddress.ofLiteral("2001:db8::1");
    private static final Logger LOG = LoggerFactory.getLogger(SampleServer.class);
    private static final int MAX_BYTES = 512;
    private static final long TTL_SECONDS = 60;
    private final DatagramSocket socket;

    SampleServer() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Thread.ofVirtual().name("dns-sample-server").start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    private void serve() {
        byte[] buffer = new byte[MAX_BYTES];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] bytes = answer(new Message(Arrays.copyOf(buffer, packet.getLength()))).toWire();
                socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Closed, or a datagram of somebody else.
                LOG.debug("the sample server could not answer", e);
            }
        }
    }

    private static Message answer(Message query) {
        Record question = query.getQuestion();
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        answer.addRecord(question.getType() == Type.A ? new ARecord(question.getName(), DClass.IN, TTL_SECONDS, IPV4)
            : new AAAARecord(question.getName(), DClass.IN, TTL_SECONDS, IPV6), Section.ANSWER);
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
