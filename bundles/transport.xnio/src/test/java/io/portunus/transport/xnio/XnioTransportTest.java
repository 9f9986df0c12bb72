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
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Xnio;

/** What a transport owes its callers, on real sockets. */
@Timeout(20)
class XnioTransportTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Collections after which what is still reachable is held. */
    private static final int MAX_COLLECTIONS = 50;

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

    private static int descriptor(Stream stream) throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        stream.loop().execute(() -> answer.complete(stream.descriptor()));
        return answer.get(5, TimeUnit.SECONDS);
    }

    @Test
    void knowsTheDescriptorOfItsSocketUntilItIsClosed() throws Exception {
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, this::echo);
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            Stream stream = accepted.take();

            int descriptor = descriptor(stream);

            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString()).startsWith("socket:");
            assertThat(descriptor(stream)).isEqualTo(descriptor);
            stream.loop().execute(stream::close);
            assertThat(descriptor(stream)).isEqualTo(-1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void descriptorOfAConnectionThatXnioHasClosedIsUnknown() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            assertThat(stream.descriptor()).isNotNegative();
            stream.endOutput();
            stream.events(new StreamEvents() {
                @Override
                public void readable(Stream ended) {
                    if (ended.read(ended.loop().scratch()) == Stream.END) {
                        answer.complete(ended.descriptor());
                        ended.close();
                    }
                }

                @Override
                public void writable(Stream unused) {
                    throw new AssertionError("nobody asked for it");
                }
            });
            stream.interest(true, false);
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.shutdownOutput();

            assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(-1);
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

    /** Writes down each answer of a read that is not empty. */
    private record Reader(BlockingQueue<Integer> answers) implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            int read = stream.read(stream.loop().scratch());
            answers.add(read);
            if (read == Stream.END) {
                answers.add(stream.read(stream.loop().scratch()));
                stream.interest(false, false);
            } else if (read == Stream.RESET) {
                stream.close();
            }
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }

    @Test
    void endOfThePeerIsAnsweredAgainAndLeavesTheOtherDirectionOpen() throws Exception {
        Reader reader = new Reader(new LinkedBlockingQueue<>());
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            arm(stream, reader, true);
            accepted.add(stream);
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.shutdownOutput();

            assertThat(reader.answers().take()).isEqualTo(Stream.END);
            assertThat(reader.answers().take()).isEqualTo(Stream.END);
            Stream stream = accepted.take();
            stream.loop().execute(() -> stream.write(ByteBuffer.wrap(new byte[] {5})));
            assertThat(client.getInputStream().read()).isEqualTo(5);
            stream.loop().execute(stream::reset);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetOfThePeerIsToldToWhoeverReads(boolean afterBytes) throws Exception {
        Reader reader = new Reader(new LinkedBlockingQueue<>());
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> arm(stream, reader, true))) {
            try (Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
                client.setSoLinger(true, 0);
                if (afterBytes) {
                    client.getOutputStream().write(1);
                    assertThat(reader.answers().take()).isEqualTo(1);
                }
            }

            assertThat(reader.answers().take()).isEqualTo(Stream.RESET);
        }
    }

    /** Throws whatever event comes, an error and no exception. */
    private static final class Broken implements StreamEvents {
        private final AtomicInteger calls = new AtomicInteger();
        private final Consumer<Stream> before;

        Broken(Consumer<Stream> before) {
            this.before = before;
        }

        @Override
        public void readable(Stream stream) {
            calls.incrementAndGet();
            before.accept(stream);
            throw new NoClassDefFoundError("readable");
        }

        @Override
        public void writable(Stream stream) {
            calls.incrementAndGet();
            throw new NoClassDefFoundError("writable");
        }
    }

    private static void arm(Stream stream, StreamEvents events, boolean read) {
        stream.events(events);
        stream.interest(read, !read);
    }

    /** What the loop has to do for a stream is done when it answers this. */
    private static void await(EventLoop loop) throws Exception {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        loop.after(Duration.ofMillis(50), () -> reached.complete(true));
        reached.get(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void defectOfACallbackIsToldAndSilencesTheStream(boolean read) throws Exception {
        Broken broken = new Broken(stream -> { });
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            stream.onFault(told::complete);
            arm(stream, broken, read);
            accepted.add(stream);
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.getOutputStream().write(1);

            assertThat(told.get(5, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class).hasMessage(read ? "readable" : "writable");

            Stream stream = accepted.take();
            stream.loop().execute(() -> arm(stream, broken, read));
            await(stream.loop());
            assertThat(broken.calls).hasValue(1);
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            stream.loop().execute(() -> answer.complete(stream.read(stream.loop().scratch())));
            assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            stream.loop().execute(stream::reset);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void defectThatNobodyWatchesForResets() throws Exception {
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> arm(stream, new Broken(s -> { }), true));
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.getOutputStream().write(1);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void defectOfWhoeverIsToldResets() throws Exception {
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            stream.onFault(defect -> {
                throw new IllegalStateException(defect);
            });
            arm(stream, new Broken(s -> { }), true);
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.getOutputStream().write(1);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void defectAfterTheStreamWasClosedIsToldToo() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            stream.onFault(told::complete);
            arm(stream, new Broken(Stream::reset), true);
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            client.getOutputStream().write(1);

            assertThat(told.get(5, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedStreamLetsItsHandlerGo(boolean before) throws Exception {
        CompletableFuture<WeakReference<StreamEvents>> handler = new CompletableFuture<>();
        try (BoundSocket bound = transport.listen(ANY_PORT, 16, stream -> {
            StreamEvents events = new Broken(s -> { });
            if (before) {
                stream.events(events);
                stream.onFault(defect -> events.writable(stream));
            }
            stream.close();
            stream.events(events);
            stream.onFault(defect -> events.writable(stream));
            accepted.add(stream);
            handler.complete(new WeakReference<>(events));
        });
            Socket client = new Socket(bound.address().getAddress(), bound.address().getPort())) {
            assertThat(client.isConnected()).isTrue();
            Stream held = accepted.take();
            await(held.loop());
            try {
                WeakReference<StreamEvents> reference = handler.get(5, TimeUnit.SECONDS);
                for (int i = 0; i < MAX_COLLECTIONS && reference.get() != null; i++) {
                    System.gc();
                }
                assertThat(reference.get()).isNull();
            } finally {
                Reference.reachabilityFence(held);
            }
        }
    }

    @Test
    void defectOfATaskOrATimerLeavesTheLoopRunning() throws Exception {
        EventLoop loop = transport.loops().get(0);
        CompletableFuture<Boolean> ran = new CompletableFuture<>();

        loop.execute(() -> {
            throw new NoClassDefFoundError("task");
        });
        loop.after(Duration.ofMillis(5), () -> {
            throw new StackOverflowError("timer");
        });
        loop.after(Duration.ofMillis(20), () -> ran.complete(true));

        assertThat(ran.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void defectOfWhoeverConnectedResetsTheConnection() throws Exception {
        EventLoop loop = transport.loops().get(0);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            loop.execute(() -> transport.connect(loop, new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), new ConnectListener() {
                @Override
                public void connected(Stream stream) {
                    throw new NoClassDefFoundError("connected");
                }

                @Override
                public void failed(IOException cause) {
                    throw new AssertionError(cause);
                }
            }));

            try (Socket peer = server.accept()) {
                assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
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

        // On the loop, where no timer can run before it is cancelled, however slow the machine is.
        loop.execute(() -> {
            loop.after(Duration.ofMillis(5), () -> cancelled.complete(true)).cancel();
            loop.after(Duration.ofMillis(20), () -> ran.complete(loop.inside()));
        });

        assertThat(ran.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled).isNotDone();
    }
}
