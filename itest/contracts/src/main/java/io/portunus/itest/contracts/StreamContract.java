// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream of a transport owes its callers, on real sockets. */
public abstract class StreamContract extends TransportFixture {
    /** Collections after which what is still reachable is held. */
    private static final int MAX_COLLECTIONS = 50;
    private static final int MANY = 16 << 20;
    private static final int MANY_RESETS = 50;
    private static final ByteBuffer WORD = StandardCharsets.US_ASCII.encode("portunus").asReadOnlyBuffer();

    @Test
    void acceptsOnALoopAndMovesBytes() throws Exception {
        try (BoundSocket bound = listen(this::echo); Socket client = client(bound)) {
            client.getOutputStream().write(new byte[] {1, 2, 3});

            assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void knowsTheDescriptorOfItsSocketUntilItIsClosed() throws Exception {
        try (BoundSocket bound = listen(this::echo); Socket client = client(bound)) {
            Stream stream = nextAccepted();

            int descriptor = on(stream.loop(), stream::descriptor);

            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString()).startsWith("socket:");
            assertThat(on(stream.loop(), stream::descriptor)).isEqualTo(descriptor);
            client.getOutputStream().write(4);
            assertThat(client.getInputStream().read()).as("served all the same").isEqualTo(4);
            stream.loop().execute(stream::close);
            assertThat(on(stream.loop(), stream::descriptor)).isEqualTo(-1);
        }
    }

    /** Fills, on its loop, whatever buffer, from its second byte on. */
    private static void read(Stream stream, ByteBuffer into) throws Exception {
        into.position(1);
        CompletableFuture<Boolean> full = new CompletableFuture<>();
        stream.loop().execute(() -> arm(stream, new StreamEvents() {
            @Override
            public void readable(Stream readable) {
                if (readable.read(into) < 0 || !into.hasRemaining()) {
                    readable.interest(false, false);
                    full.complete(true);
                }
            }

            @Override
            public void writable(Stream unused) {
                throw new AssertionError("nobody asked for it");
            }
        }, true));
        assertThat(full.get(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesBuffersOfEitherKind(boolean direct) throws Exception {
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            client.getOutputStream().write("portunus".getBytes(StandardCharsets.US_ASCII));
            ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(9) : ByteBuffer.allocate(9);

            read(stream, buffer);

            assertThat(buffer.position(1)).isEqualTo(WORD);
            assertThat(on(stream.loop(), () -> stream.write(buffer.position(5)))).isEqualTo(4);
            assertThat(on(stream.loop(), () -> stream.write(WORD.duplicate()))).isEqualTo(8);
            assertThat(client.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII).isEqualTo("unusportunus");
            assertThat(on(stream.loop(), () -> stream.write(ByteBuffer.allocate(0)))).isZero();
        }
    }

    @Test
    void endOfThePeerIsAnsweredAgainAndLeavesTheOtherDirectionOpen() throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(stream -> {
            arm(stream, reader, true);
            keep(stream);
        }); Socket client = client(bound)) {
            client.shutdownOutput();

            assertThat(reader.next()).isEqualTo(Stream.END);
            assertThat(reader.next()).isEqualTo(Stream.END);
            Stream stream = nextAccepted();
            assertThat(on(stream.loop(), () -> stream.write(ByteBuffer.wrap(new byte[] {5})))).isEqualTo(1);
            assertThat(client.getInputStream().read()).isEqualTo(5);
            stream.loop().execute(stream::reset);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void ownEndReachesThePeerAndLeavesInputOpen() throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(stream -> {
            stream.write(ByteBuffer.wrap(new byte[] {7}));
            stream.endOutput();
            arm(stream, reader, true);
            keep(stream);
        }); Socket client = client(bound)) {
            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(client.getInputStream().read()).isEqualTo(-1);

            client.getOutputStream().write(new byte[3]);

            assertThat(reader.next()).isEqualTo(3);
            Stream stream = nextAccepted();
            assertThat(on(stream.loop(), () -> stream.write(ByteBuffer.wrap(new byte[] {8})))).isEqualTo(Stream.RESET);
            client.shutdownOutput();
            assertThat(reader.next()).isEqualTo(Stream.END);
        }
    }

    @Test
    void endThatCameWithTheLastBytesIsReportedAfterThem() throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(this::keep)) {
            try (Socket client = client(bound)) {
                client.getOutputStream().write(new byte[10]);
            }
            Stream stream = nextAccepted();
            settle(stream.loop());

            stream.loop().execute(() -> arm(stream, reader, true));

            assertThat(reader.next()).isEqualTo(10);
            assertThat(reader.next()).isEqualTo(Stream.END);
        }
    }

    @Test
    void urgentByteHidesNothingThatFollows() throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            client.getOutputStream().write(new byte[10]);
            client.sendUrgentData(1);
            client.getOutputStream().write(new byte[20]);
            settle(stream.loop());

            stream.loop().execute(() -> arm(stream, reader, true));

            for (int left = 30; left > 0;) {
                left -= reader.next();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetOfThePeerIsReturnedToWhoeverReads(boolean afterBytes) throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(stream -> arm(stream, reader, true))) {
            try (Socket client = client(bound)) {
                client.setSoLinger(true, 0);
                if (afterBytes) {
                    client.getOutputStream().write(1);
                    assertThat(reader.next()).isEqualTo(1);
                }
            }

            assertThat(reader.next()).isEqualTo(Stream.RESET);
        }
    }

    @Test
    void resetOfThePeerIsReturnedToWhoeverWrites() throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (BoundSocket bound = listen(stream -> arm(stream, new StreamEvents() {
            @Override
            public void readable(Stream unused) {
                throw new AssertionError("nobody asked for it");
            }

            @Override
            public void writable(Stream writable) {
                int written = writable.write(writable.loop().scratch());
                if (written < 0) {
                    answer.complete(written);
                    writable.close();
                }
            }
        }, false))) {
            try (Socket client = client(bound)) {
                client.setSoLinger(true, 0);
                assertThat(client.getInputStream().readNBytes(100)).hasSize(100);
            }

            assertThat(answer.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(Stream.RESET);
        }
    }

    /** Writes until a write returns that there is nobody, then reads until there is nothing more. */
    private static List<Integer> answersAfterAFailedWrite(Stream stream) {
        int written;
        do {
            written = stream.write(stream.loop().scratch());
        } while (written > 0);
        List<Integer> answers = new ArrayList<>(List.of(written));
        int read;
        do {
            read = stream.read(stream.loop().scratch());
            answers.add(read);
        } while (read > 0);
        answers.add(stream.read(stream.loop().scratch()));
        return answers;
    }

    /** A2. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void resetThatAWriteReturnedIsNoEndToWhoReads(int lastWords) throws Exception {
        try (BoundSocket bound = listen(this::keep)) {
            for (int i = 0; i < MANY_RESETS; i++) {
                try (Socket client = client(bound)) {
                    client.getOutputStream().write(new byte[lastWords]);
                    client.setSoLinger(true, 0);
                }
                Stream stream = nextAccepted();

                List<Integer> answers = on(stream.loop(), () -> answersAfterAFailedWrite(stream));

                assertThat(answers).first().isEqualTo(Stream.RESET);
                assertThat(answers.subList(answers.size() - 2, answers.size())).containsOnly(Stream.RESET);
                stream.loop().execute(stream::close);
            }
        }
    }

    /** A2. */
    @Test
    void resetAfterTheOwnEndIsNoEndToWhoReads() throws Exception {
        Reader reader = new Reader();
        try (BoundSocket bound = listen(stream -> {
            stream.endOutput();
            arm(stream, reader, true);
        })) {
            try (Socket client = client(bound)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                client.setSoLinger(true, 0);
            }

            assertThat(reader.next()).isEqualTo(Stream.RESET);
        }
    }

    @Test
    void resetReachesThePeerAsReset() throws Exception {
        try (BoundSocket bound = listen(Stream::reset); Socket client = client(bound)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void closeOverUnreadInputReachesThePeerAsReset() throws Exception {
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            client.getOutputStream().write(1);
            settle(stream.loop());

            stream.loop().execute(stream::close);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void closedStreamAnswersResetAndDoesNothing() throws Exception {
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            Reader reader = new Reader();

            stream.loop().execute(() -> {
                arm(stream, reader, true);
                stream.close();
                stream.interest(true, true);
                stream.endOutput();
                stream.reset();
                stream.close();
            });

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(on(stream.loop(), () -> stream.read(stream.loop().scratch()))).isEqualTo(Stream.RESET);
            assertThat(on(stream.loop(), () -> stream.write(stream.loop().scratch()))).isEqualTo(Stream.RESET);
            assertThat(stream.peer().getPort()).isEqualTo(client.getLocalPort());
            assertThat(reader.answers()).isEmpty();
        }
    }

    @Test
    void readinessIsReportedForAsLongAsItLasts() throws Exception {
        Reader reader = new Reader(1);
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            client.getOutputStream().write(new byte[4]);
            settle(stream.loop());

            stream.loop().execute(() -> arm(stream, reader, true));

            for (int i = 0; i < 4; i++) {
                assertThat(reader.next()).isEqualTo(1);
            }
            settle(stream.loop());
            assertThat(reader.answers()).isEmpty();
            // One that finds nothing may be needed to find that out.
            assertThat(reader.inVain()).hasValueLessThan(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noInterestIsSilenceUntilItComesBack(boolean descriptorIsKnown) throws Exception {
        Reader reader = new Reader(1);
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            stream.loop().execute(() -> {
                arm(stream, reader, true);
                if (descriptorIsKnown) {
                    assertThat(stream.descriptor()).isNotNegative();
                }
            });
            client.getOutputStream().write(1);
            assertThat(reader.next()).isEqualTo(1);
            on(stream.loop(), () -> {
                stream.interest(false, false);
                return true;
            });
            client.getOutputStream().write(new byte[2]);
            settle(stream.loop());
            assertThat(reader.answers()).isEmpty();

            stream.loop().execute(() -> stream.interest(true, false));

            assertThat(reader.next()).isEqualTo(1);
            assertThat(reader.next()).isEqualTo(1);
        }
    }

    /** Writes noise until all of it is away. */
    private static final class Source implements StreamEvents {
        private final AtomicInteger away = new AtomicInteger();
        private final ByteBuffer left = ByteBuffer.wrap(noise());

        static byte[] noise() {
            byte[] noise = new byte[MANY];
            new Random(MANY).nextBytes(noise);
            return noise;
        }

        @Override
        public void readable(Stream stream) {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void writable(Stream stream) {
            ByteBuffer piece = stream.loop().scratch();
            piece.limit(Math.min(piece.capacity(), left.remaining())).put(0, left, left.position(), piece.limit());
            int written = stream.write(piece);
            if (written > 0) {
                left.position(left.position() + written);
                away.set(left.position());
            }
            if (!left.hasRemaining()) {
                stream.interest(false, false);
                stream.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stuckPeerStopsTheWriterAndLosesNothing(boolean descriptorIsKnown) throws Exception {
        Source source = new Source();
        try (BoundSocket bound = listen(this::keep); Socket client = client(bound)) {
            Stream stream = nextAccepted();
            stream.loop().execute(() -> {
                arm(stream, source, false);
                if (descriptorIsKnown) {
                    assertThat(stream.descriptor()).isNotNegative();
                }
            });
            AtomicInteger lately = new AtomicInteger();
            await(() -> source.away.get() > 0 && lately.getAndSet(source.away.get()) == source.away.get());

            assertThat(source.away).hasValueLessThan(MANY);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(Source.noise());
        }
    }

    /** Somebody who is notified of events. */
    private static final class Anybody implements StreamEvents {
        @Override
        public void readable(Stream stream) {
            // It is not about what comes.
        }

        @Override
        public void writable(Stream stream) {
            // The same.
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closedStreamLetsItsHandlerGo(boolean before) throws Exception {
        CompletableFuture<WeakReference<StreamEvents>> handler = new CompletableFuture<>();
        try (BoundSocket bound = listen(stream -> {
            StreamEvents events = new Anybody();
            if (before) {
                stream.events(events);
            }
            stream.close();
            stream.events(events);
            keep(stream);
            handler.complete(new WeakReference<>(events));
        }); Socket client = client(bound)) {
            assertThat(client.isConnected()).isTrue();
            Stream held = nextAccepted();
            settle(held.loop());
            try {
                WeakReference<StreamEvents> reference = handler.get(SECONDS, TimeUnit.SECONDS);
                for (int i = 0; i < MAX_COLLECTIONS && reference.get() != null; i++) {
                    System.gc();
                }
                assertThat(reference.get()).isNull();
            } finally {
                Reference.reachabilityFence(held);
            }
        }
    }
}
