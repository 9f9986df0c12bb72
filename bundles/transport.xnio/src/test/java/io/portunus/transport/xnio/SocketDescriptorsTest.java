// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** What the transport takes from XNIO's inside, in the version that is shipped. */
@Timeout(20)
class SocketDescriptorsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final CompletableFuture<StreamConnection> accepted = new CompletableFuture<>();
    private XnioWorker worker;
    private AcceptingChannel<StreamConnection> server;

    @BeforeEach
    void start() throws Exception {
        worker = Xnio.getInstance(SocketDescriptorsTest.class.getClassLoader()).createWorker(OptionMap.create(Options.THREAD_DAEMON, true));
        server = worker.createStreamConnectionServer(ANY_PORT, channel -> {
            try {
                accepted.complete(channel.accept());
            } catch (Exception failed) {
                accepted.completeExceptionally(failed);
            }
        }, OptionMap.EMPTY);
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    private StreamConnection accept() throws Exception {
        server.resumeAccepts();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            StreamConnection connection = accepted.get(5, TimeUnit.SECONDS);
            assertThat(client.isConnected()).isTrue();
            return connection;
        }
    }

    private static int systemSendBuffer() throws Exception {
        try (ServerSocketChannel plain = ServerSocketChannel.open().bind(ANY_PORT);
            SocketChannel client = SocketChannel.open(plain.getLocalAddress());
            SocketChannel peer = plain.accept()) {
            assertThat(client.isConnected()).isTrue();
            return peer.getOption(StandardSocketOptions.SO_SNDBUF);
        }
    }

    /** XNIO has set it to 64 KiB in the past, which ends the kernel's own sizing (tcp(7), tcp_wmem). */
    @Test
    void sendBufferOfAcceptedSocketsIsLeftToTheSystem() throws Exception {
        assertThat(accept().getOption(Options.SEND_BUFFER)).isEqualTo(systemSendBuffer());
    }

    @Test
    void descriptorIsFound() throws Exception {
        assertThat(SocketDescriptors.of(worker).of(accept())).isNotNegative();
    }
}
