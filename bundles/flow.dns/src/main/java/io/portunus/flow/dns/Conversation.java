// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * One question to one server: a datagram from a port of its own (RFC 5452 §9.2; the kernel draws it), and if the answer did not fit, the
 * same over TCP (RFC 7766 §5). What does not answer this question is not taken, and the wait goes on. It has no time-out of its own: who
 * asked cancels it. Confined to the loop.
 */
final class Conversation implements Cancellable {
    /** Datagrams looked at in one go, so that a flood does not keep the loop from others. */
    private static final int DATAGRAMS_PER_TURN = 8;
    private static final int LENGTH_BYTES = 2;
    private final DnsLoop loop;
    private final InetSocketAddress server;
    private final Message query;
    private final Consumer<Exchange.Reply> reply;
    private final ByteBuffer request;
    private ByteBuffer response = ByteBuffer.allocate(LENGTH_BYTES);
    private boolean lengthRead;
    private boolean over;
    private @Nullable SelectableChannel channel;

    Conversation(DnsLoop loop, InetSocketAddress server, Message query, Consumer<Exchange.Reply> reply) {
        this.loop = loop;
        this.server = server;
        this.query = query;
        this.reply = reply;
        byte[] wire = query.toWire();
        request = ByteBuffer.allocate(LENGTH_BYTES + wire.length).putShort((short) wire.length).put(wire).flip();
    }

    void begin() {
        try {
            DatagramChannel udp = DatagramChannel.open();
            channel = udp;
            udp.configureBlocking(false);
            udp.connect(server);
            refuseItself(udp, server);
            udp.write(request.slice(LENGTH_BYTES, request.limit() - LENGTH_BYTES));
            loop.watch(udp, SelectionKey.OP_READ, () -> datagram(udp));
        } catch (IOException | UnsupportedAddressTypeException e) {
            // The second: an IPv6 server on a machine without IPv6.
            broken(e);
        }
    }

    /** Where nobody serves, the system may take the server's port for the one to ask from: a query would be heard by who asks. */
    private static void refuseItself(NetworkChannel channel, SocketAddress server) throws IOException {
        if (server.equals(channel.getLocalAddress())) {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                // An end in order would keep the port from whoever is to listen there, for a minute (TIME_WAIT).
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            throw new ConnectException("Connection refused");
        }
    }

    private void datagram(DatagramChannel udp) {
        try {
            for (int i = 0; i < DATAGRAMS_PER_TURN && !over; i++) {
                ByteBuffer in = loop.scratch();
                if (udp.read(in) <= 0) {
                    return;
                }
                Optional<Message> answer = parse(in.flip());
                if (answer.isPresent()) {
                    take(answer.get());
                    return;
                }
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private void take(Message answer) throws IOException {
        if (answer.getHeader().getFlag(Flags.TC)) {
            overTcp();
        } else {
            end(new Exchange.Reply.Answer(answer));
        }
    }

    private void overTcp() throws IOException {
        closeChannel();
        SocketChannel tcp = SocketChannel.open();
        channel = tcp;
        tcp.configureBlocking(false);
        boolean connected = tcp.connect(server);
        if (connected) {
            refuseItself(tcp, server);
        }
        SelectionKey[] key = new SelectionKey[1];
        key[0] = loop.watch(tcp, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, () -> stream(tcp, key[0]));
    }

    private void stream(SocketChannel tcp, SelectionKey key) {
        try {
            if (key.isConnectable() && tcp.finishConnect()) {
                refuseItself(tcp, server);
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                tcp.write(request);
                key.interestOps(request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            } else if (key.isReadable()) {
                read(tcp);
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    /** Two octets of length, then the message, at most 65535 octets (RFC 1035 §4.2.2). */
    private void read(SocketChannel tcp) throws IOException {
        if (tcp.read(response) < 0) {
            throw new EOFException("closed within an answer");
        }
        if (!lengthRead && !response.hasRemaining()) {
            lengthRead = true;
            response = ByteBuffer.allocate(Short.toUnsignedInt(response.getShort(0)));
            tcp.read(response);
        }
        if (lengthRead && !response.hasRemaining()) {
            end(new Exchange.Reply.Answer(parse(response.flip()).orElseThrow(() -> new IOException("not an answer to the question"))));
        }
    }

    private Optional<Message> parse(ByteBuffer bytes) {
        try {
            return Optional.of(new Message(bytes)).filter(this::answers);
        } catch (IOException | RuntimeException hostile) {
            return Optional.empty();
        }
    }

    /** RFC 5452 §9.1: number, the one question, and that it is an answer to such; the addresses the kernel has compared. */
    private boolean answers(Message message) {
        Header header = message.getHeader();
        if (header.getID() != query.getHeader().getID() || !header.getFlag(Flags.QR) || header.getOpcode() != Opcode.QUERY
            || header.getCount(Section.QUESTION) > 1) {
            return false;
        }
        Record asked = query.getQuestion();
        Record echoed = message.getQuestion();
        if (echoed == null) {
            // Servers that know no EDNS may answer with nothing but a header (RFC 6891 §7).
            return header.getRcode() == Rcode.FORMERR;
        }
        return echoed.getName().equals(asked.getName()) && echoed.getType() == asked.getType() && echoed.getDClass() == asked.getDClass();
    }

    private void broken(Exception e) {
        String why = String.valueOf(e.getMessage());
        try {
            // Not at once: begin() may be what fails, and nobody is called before it returns.
            loop.execute(() -> end(new Exchange.Reply.Unreachable(why)));
        } catch (RejectedExecutionException closing) {
            cancel();
        }
    }

    private void end(Exchange.Reply result) {
        if (!over) {
            cancel();
            reply.accept(result);
        }
    }

    @Override
    public void cancel() {
        over = true;
        closeChannel();
    }

    private void closeChannel() {
        if (channel != null) {
            DnsLoop.closeQuietly(channel);
        }
    }
}
