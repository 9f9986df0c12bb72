// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.Xnio;

/** What a transport owes its callers, on real sockets. */
@Timeout(20)
class XnioTransportTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
    private XnioTransport transport;

    @BeforeEach
    void start() throws IOException {
        transport = XnioTransport.start(Xnio.getInstance(XnioTransportTest.class.getClassLoader()), 2);
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    /** Sends back what comes, and passes on the end. */
    private static final class Echo implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            var buffer = stream.loop().scratch();
            int read = stream.read(buffer);
            if (read > 0) {
                stream.write(buffer.flip());
            } else if (read == Stream.END) {
                stream.endOutput();
                stream.close();
            } else if (read == Stream.RESET) {
                stream.close();
            }
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }

    private void echo(Stream stream) {
        assertThat(stream.loop().inside()).isTrue();
        stream.events(new Echo());
        stream.interest(true, false);
        accepted.add(stream);
    }

    @Test
    void acceptsOnALoopAndMovesBytes() throws Exception {
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, this::echo);
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.getOutputStream().write(new byte[] {1, 2, 3});

            assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void foldsIpv4PeersOfADualStackListener() throws Exception {
        try (BoundSocket bound = transport.listen(new InetSocketAddress(0), 16, this::echo);
            Socket client = new Socket("127.0.0.1", bound.address().getPort())) {
            Stream stream = accepted.poll(5, TimeUnit.SECONDS);

            assertThat(stream.peer().getAddress()).isInstanceOf(Inet4Address.class);
            assertThat(stream.local().getAddress()).isInstanceOf(Inet4Address.class);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void takenPortIsABindException() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());

            assertThatThrownBy(() -> transport.listen(address, 16, this::echo)).isInstanceOf(BindException.class);
        }
    }

    @Test
    void resetReachesThePeerAsReset() throws Exception {
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, Stream::reset);
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void closedListenerRefusesAndLeavesItsConnections() throws Exception {
        BoundSocket bound = transport.listen(ANY_PORT, 16, this::echo);
        try (Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            assertThat(accepted.poll(5, TimeUnit.SECONDS)).isNotNull();

            bound.close();

            client.getOutputStream().write(9);
            assertThat(client.getInputStream().read()).isEqualTo(9);
            assertThatThrownBy(() -> new Socket(bound.address().getAddress(), bound.address().getPort()).close())
                .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void connectsOnTheLoopItIsGiven() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Stream stream = connect(transport.loops().get(1), server.getLocalPort()).get(5, TimeUnit.SECONDS);

            assertThat(stream.loop()).isSameAs(transport.loops().get(1));
            assertThat(stream.peer().getPort()).isEqualTo(server.getLocalPort());
        }
    }

    @Test
    void refusedConnectionIsToldAsFailure() throws IOException {
        int free;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = server.getLocalPort();
        }

        assertThatThrownBy(() -> connect(transport.loops().get(0), free).get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    private CompletableFuture<Stream> connect(EventLoop loop, int port) {
        CompletableFuture<Stream> result = new CompletableFuture<>();
        loop.execute(() -> transport.connect(loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                if (loop.inside()) {
                    result.complete(stream);
                }
            }

            @Override
            public void failed(IOException cause) {
                result.completeExceptionally(cause);
            }
        }));
        return result;
    }

    @Test
    void timersRunOnTheLoopUnlessCancelled() throws Exception {
        EventLoop loop = transport.loops().get(0);
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

        loop.after(Duration.ofMillis(5), () -> cancelled.complete(true)).cancel();
        loop.after(Duration.ofMillis(20), () -> ran.complete(loop.inside()));

        assertThat(ran.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled).isNotDone();
    }
}
