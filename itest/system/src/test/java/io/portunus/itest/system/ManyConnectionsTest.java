// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many idle connections as the descriptors of one process allow, and slow peers with bounded memory. */
@Tag("alone")
@Timeout(240)
class ManyConnectionsTest {
    private static final int MANY = 9_500;

    /** M1. */
    @Test
    void holdsNinetyFiveHundredIdleConnections(@TempDir Path directory) throws IOException {
        int port = Ports.free();
        try (EchoLoop echo = new EchoLoop(); Appliance appliance = Appliance.start(directory, Rules.plain("idle", port, echo.port()))) {
            List<SocketChannel> open = new ArrayList<>();
            try {
                open.add(talk(port));
                long before = appliance.residentBytes();
                for (int i = open.size(); i < MANY; i++) {
                    open.add(talk(port));
                }
                long after = appliance.residentBytes();
                assertThat(appliance.get("/v1/status").body()).contains("\"flows\":" + MANY);
                System.out.printf("%,d idle connections: %,d bytes of resident memory each (%,d MiB in all)%n", MANY, (after - before) / MANY,
                    after >> 20);
                // All of them still work.
                for (int i = 0; i < MANY; i += 500) {
                    exchange(open.get(i));
                }
            } finally {
                for (SocketChannel channel : open) {
                    channel.close();
                }
            }
            Await.until("no flow is left", Duration.ofSeconds(60), () -> appliance.get("/v1/status").body().contains("\"flows\":0"));
        }
    }

    private static SocketChannel talk(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        exchange(channel);
        return channel;
    }

    private static void exchange(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {7}));
        ByteBuffer answer = ByteBuffer.allocate(1);
        assertThat(channel.read(answer)).isEqualTo(1);
        assertThat(answer.get(0)).isEqualTo((byte) 7);
    }

    @Test
    void slowReadersHoldBackTheirSendersAndNotTheHeap(@TempDir Path directory) throws IOException {
        int port = Ports.free();
        int slow = 300;
        try (Pouring source = new Pouring(); Appliance appliance = Appliance.start(directory, Rules.plain("slow", port, source.port()))) {
            List<SocketChannel> readers = new ArrayList<>();
            try {
                for (int i = 0; i < slow; i++) {
                    SocketChannel reader = SocketChannel.open();
                    reader.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
                    reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    readers.add(reader);
                }
                Await.until("the sources are held back", Duration.ofSeconds(60), source::stalled);
                assertThat(appliance.residentBytes()).isLessThan(600L << 20);
                assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
                // One that reads gets on, whoever stalls beside it.
                ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
                long read = 0;
                while (read < 64L << 20) {
                    read += readers.getFirst().read(buffer.clear());
                }
            } finally {
                for (SocketChannel reader : readers) {
                    reader.close();
                }
            }
        }
    }

    @Test
    void slowWritersGetEachByteThrough(@TempDir Path directory) throws IOException {
        int port = Ports.free();
        try (EchoLoop echo = new EchoLoop(); Appliance appliance = Appliance.start(directory, Rules.plain("slow", port, echo.port()))) {
            List<SocketChannel> writers = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    writers.add(talk(port));
                }
                // A byte of each, in turn: every flow sees its bytes far apart, and one at a time.
                for (int round = 0; round < 20; round++) {
                    for (SocketChannel writer : writers) {
                        exchange(writer);
                    }
                }
                assertThat(appliance.get("/v1/status").body()).contains("\"flows\":300").contains("\"bytes_in\":6300");
                assertThat(appliance.residentBytes()).isLessThan(600L << 20);
            } finally {
                for (SocketChannel writer : writers) {
                    writer.close();
                }
            }
        }
    }

    /** Echoes by one selector: thousands of connections would need as many threads otherwise. */
    private static class EchoLoop implements AutoCloseable {
        final Selector selector;
        final ServerSocketChannel server;

        EchoLoop() throws IOException {
            selector = Selector.open();
            server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            Thread.ofPlatform().daemon().name("peer").start(this::loop);
        }

        int port() throws IOException {
            return ((InetSocketAddress) server.getLocalAddress()).getPort();
        }

        void loop() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
            try {
                while (selector.isOpen()) {
                    selector.select(key -> handle(key, buffer));
                }
            } catch (IOException | ClosedSelectorException closed) {
                // The test is over.
            }
        }

        void handle(SelectionKey key, ByteBuffer buffer) {
            try {
                if (key.isAcceptable()) {
                    SocketChannel accepted = server.accept();
                    accepted.configureBlocking(false);
                    accepted.register(selector, interest());
                } else {
                    serve((SocketChannel) key.channel(), buffer);
                }
            } catch (IOException gone) {
                key.cancel();
                try {
                    key.channel().close();
                } catch (IOException closed) {
                    // It is gone already.
                }
            }
        }

        int interest() {
            return SelectionKey.OP_READ;
        }

        void serve(SocketChannel channel, ByteBuffer buffer) throws IOException {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("end");
            }
            channel.write(buffer.flip());
        }

        @Override
        public void close() throws IOException {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }

    /** Sends without end, as fast as it is taken. */
    private static final class Pouring extends EchoLoop {
        private volatile long lastWrite = System.nanoTime();

        Pouring() throws IOException {
            super();
        }

        @Override
        int interest() {
            return SelectionKey.OP_WRITE;
        }

        @Override
        void serve(SocketChannel channel, ByteBuffer buffer) throws IOException {
            channel.write(buffer.clear());
            lastWrite = System.nanoTime();
        }

        /** Nothing could be written for half a second. */
        boolean stalled() {
            return System.nanoTime() - lastWrite > 500_000_000;
        }
    }
}
