// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** Connections that send something and then wait; those that are turned away are left as they are. Confined to one thread. */
final class Flood implements AutoCloseable {
    private final InetAddress from;
    private final Deque<SocketChannel> open = new ArrayDeque<>();

    Flood(String from) {
        this.from = InetAddress.ofLiteral(from);
    }

    /** Opens more of them to a port. */
    void open(int port, int count, byte[] words) {
        for (int i = 0; i < count; i++) {
            try {
                SocketChannel channel = SocketChannel.open();
                open.add(channel);
                channel.bind(new InetSocketAddress(from, 0));
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                ByteBuffer bytes = ByteBuffer.wrap(words);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException turnedAway) {
                // It gave way.
            }
        }
    }

    /** Lets the oldest ones go until so many are left. */
    void leave(int most) throws IOException {
        while (open.size() > most) {
            open.removeFirst().close();
        }
    }

    @Override
    public void close() throws IOException {
        end();
    }

    /** Lets all of them go. */
    void end() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
