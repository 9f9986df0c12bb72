// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A transport on two loops, real sockets on the loopback, and waits with a deadline. */
public abstract class TransportFixture {
    /** The loopback, any port. */
    protected static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    /** How long anything may take. */
    protected static final long SECONDS = 5;

    /** Streams that were accepted by {@link #keep} or {@link #echo}. */
    protected final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
    /** The one under test. */
    protected Transport transport;

    /** Makes the one under test. */
    protected abstract Transport start(int loops) throws IOException;

    /** Ends it, with all that is open. */
    protected abstract void stop(Transport started);

    @BeforeEach
    void startTransport() throws IOException {
        transport = start(2);
    }

    @AfterEach
    void stopTransport() {
        stop(transport);
    }

    /** Listens on the loopback. */
    protected BoundSocket listen(Consumer<Stream> onAccept) throws IOException {
        return transport.listen(ListenSpec.at(ANY_PORT, 16), onAccept);
    }

    /** A client of a listener. */
    protected static Socket client(BoundSocket bound) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), bound.address().getPort());
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

    /** Serves a stream, and keeps it in {@link #accepted}. */
    protected void echo(Stream stream) {
        assertThat(stream.loop().inside()).isTrue();
        arm(stream, new Echo(), true);
        keep(stream);
    }

    /** Puts a stream into {@link #accepted}, and is silent. */
    protected void keep(Stream stream) {
        accepted.add(stream);
    }

    /** The next stream of {@link #accepted}. */
    protected Stream nextAccepted() throws InterruptedException {
        return Objects.requireNonNull(accepted.poll(SECONDS, TimeUnit.SECONDS), "nothing was accepted");
    }

    /** Registers interest in one event. */
    protected static void arm(Stream stream, StreamEvents events, boolean read) {
        stream.events(events);
        stream.interest(read, !read);
    }

    /** Returns what a loop answers. */
    protected static <T> T on(EventLoop loop, Callable<T> question) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Throwable failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    /** What the loop has to do for a stream is done when it answers this. */
    protected static void settle(EventLoop loop) throws Exception {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        loop.after(Duration.ofMillis(50), () -> reached.complete(true));
        assertThat(reached.get(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Waits until it is so. */
    protected void await(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("still not so").isNegative();
            settle(transport.loops().getFirst());
        }
    }

    /** Descriptors of this process that are sockets. */
    protected static long sockets() {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(TransportFixture::isSocket).count();
        } catch (IOException noProc) {
            throw new AssertionError(noProc);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Connects, and answers how that ended. */
    protected CompletableFuture<Stream> connect(EventLoop loop, ConnectSpec spec) {
        Connecting connecting = new Connecting(new CompletableFuture<>());
        loop.execute(() -> transport.connect(loop, spec, connecting));
        return connecting.result();
    }

    /** Connects to a port of the loopback. */
    protected CompletableFuture<Stream> connect(EventLoop loop, int port) {
        return connect(loop, ConnectSpec.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /**
     * Is notified how an attempt ended.
     *
     * @param result completed then
     */
    protected record Connecting(CompletableFuture<Stream> result) implements ConnectListener {
        @Override
        public void connected(Stream stream) {
            if (stream.loop().inside()) {
                result.complete(stream);
            }
        }

        @Override
        public void failed(ConnectFailure why) {
            result.completeExceptionally(new FailedAttempt(why));
        }
    }

    /** An attempt failed; the cause is what it was called with. */
    private static final class FailedAttempt extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient ConnectFailure why;

        FailedAttempt(ConnectFailure why) {
            super(why.text());
            this.why = why;
        }
    }

    /** What an attempt came to that fails. */
    protected static ConnectFailure failure(CompletableFuture<Stream> attempt) throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("connected to " + attempt.get(SECONDS, TimeUnit.SECONDS).peer());
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof FailedAttempt known) {
                return known.why;
            }
            throw new AssertionError(failed.getCause());
        }
    }

    /**
     * Writes down the answer of each read, of one byte at a time or of all there is; an end is asked for twice.
     *
     * @param answers in their order, without those that there is nothing now
     * @param inVain how many those were
     */
    protected record Reader(BlockingQueue<Integer> answers, AtomicInteger inVain, int atMost) implements StreamEvents {
        /** Reads all there is. */
        public Reader() {
            this(EventLoop.SCRATCH_BYTES);
        }

        /** Reads so many bytes at a time. */
        public Reader(int atMost) {
            this(new LinkedBlockingQueue<>(), new AtomicInteger(), atMost);
        }

        /** The next answer. */
        public int next() throws InterruptedException {
            return Objects.requireNonNull(answers.poll(SECONDS, TimeUnit.SECONDS), "nothing was read");
        }

        @Override
        public void readable(Stream stream) {
            int read = stream.read(stream.loop().scratch().limit(atMost));
            if (read == 0) {
                inVain.incrementAndGet();
                return;
            }
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
}
