// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.linux.api.SystemCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has a transport of its own listen on the loopback, connect to itself, and send a word forth and back, with the end after it. Its callbacks
 * are confined to one loop.
 */
final class EpollTrial {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] WORD = {'p', 'o', 'r', 't', 'u', 'n', 'u', 's'};
    private static final long DEADLINE_SECONDS = 5;

    private final CompletableFuture<Boolean> heard = new CompletableFuture<>();

    private EpollTrial() {
    }

    /** What went wrong; empty when the word came back. */
    static Optional<String> run(SystemCalls calls) {
        return run(calls, EpollTrial::connect);
    }

    /** The same with a datagram. Without datagrams the transport still carries connections, so this decides over upgrades only. */
    static Optional<String> ofDatagrams(SystemCalls calls) {
        return run(calls, (trial, transport) -> {
            EventLoop loop = transport.loops().getFirst();
            loop.execute(() -> DatagramTrial.begin(loop, LOOPBACK, WORD, trial.heard));
            return trial.await();
        });
    }

    /** What is tried. */
    private interface Attempt {
        Optional<String> make(EpollTrial trial, EpollTransport transport) throws IOException;
    }

    private static Optional<String> run(SystemCalls calls, Attempt attempt) {
        try (EpollTransport transport = EpollTransport.start(calls, 1, System::nanoTime)) {
            return attempt.make(new EpollTrial(), transport);
        } catch (IOException | LinkageError | RuntimeException refused) {
            return Optional.of("epoll cannot be used: " + refused);
        }
    }

    private Optional<String> connect(EpollTransport transport) throws IOException {
        EventLoop loop = transport.loops().getFirst();
        try (BoundSocket bound = transport.listen(ListenSpec.at(LOOPBACK, 1), stream -> begin(stream, new Echo()))) {
            loop.execute(() -> transport.connect(loop, ConnectSpec.to(bound.address()), new Caller()));
            return await();
        }
    }

    private Optional<String> await() {
        try {
            return heard.get(DEADLINE_SECONDS, TimeUnit.SECONDS) ? Optional.empty() : Optional.of("bytes did not arrive as they were sent");
        } catch (ExecutionException failed) {
            return Optional.of("nothing goes over the loopback: " + failed.getCause());
        } catch (TimeoutException silent) {
            return Optional.of("no answer on the loopback within " + DEADLINE_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private static void begin(Stream stream, StreamEvents events) {
        stream.events(events);
        stream.interest(true, false);
    }

    private static final class Echo implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            ByteBuffer buffer = stream.loop().scratch();
            int read = stream.read(buffer);
            if (read > 0) {
                stream.write(buffer.flip());
            } else if (read < 0) {
                stream.close();
            }
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }

    private final class Caller implements ConnectListener, StreamEvents {
        private final ByteBuffer answer = ByteBuffer.allocate(WORD.length);

        @Override
        public void connected(Stream stream) {
            begin(stream, this);
            stream.write(ByteBuffer.wrap(WORD));
            stream.endOutput();
        }

        @Override
        public void failed(ConnectFailure why) {
            heard.completeExceptionally(new IOException(why.text()));
        }

        @Override
        public void readable(Stream stream) {
            // A word that is complete is followed by the end, and nothing else.
            int read = answer.hasRemaining() ? stream.read(answer) : stream.read(stream.loop().scratch());
            if (read > 0 && answer.position() < WORD.length || read == 0) {
                return;
            }
            if (read == Stream.END || read == Stream.RESET) {
                heard.complete(read == Stream.END && answer.flip().equals(ByteBuffer.wrap(WORD)));
                stream.close();
            }
        }

        @Override
        public void writable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }
    }
}
