// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BulkLane;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's part: TCP on loopback, by real calls. */
@Timeout(20)
class RealSocketsTest {
    private static final int MANY = 8 << 20;

    private final List<Closeable> opened = new ArrayList<>();
    private final Pipes pipes = new Pipes(new PipeFfm(), () -> false);
    private SocketChannel client;
    private SocketChannel source;
    private SocketChannel sink;
    private SocketChannel server;
    private BulkLane lane;
    private long descriptorsBefore;

    @BeforeEach
    void connect() throws Exception {
        descriptorsBefore = descriptors();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = open(SocketChannel.open(listener.getLocalAddress()));
            source = open(listener.accept());
            sink = open(SocketChannel.open(listener.getLocalAddress()));
            server = open(listener.accept());
        }
        source.configureBlocking(false);
        sink.configureBlocking(false);
        int from = descriptor(source);
        int to = descriptor(sink);
        lane = new SpliceLane(() -> from, () -> to, pipes, errno -> {
            throw new AssertionError("refused: " + errno);
        });
    }

    private <T extends Closeable> T open(T channel) {
        opened.add(channel);
        return channel;
    }

    private static int descriptor(SocketChannel channel) throws ReflectiveOperationException {
        Method value = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
        return (int) value.invoke(channel);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @AfterEach
    void nothingIsLeftOpen() throws Exception {
        lane.close();
        pipes.drain();
        for (Closeable each : opened) {
            each.close();
        }
        assertThat(pipes.open()).isZero();
        // The JVM may keep one or two of its own from the first use of sockets on.
        assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore + 2);
    }

    private static void await(SocketChannel channel, int event) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.register(selector, event);
            assertThat(selector.select(5_000)).isEqualTo(1);
        }
    }

    private static ByteBuffer noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return ByteBuffer.wrap(noise);
    }

    private static void drain(ByteBuffer from, SocketChannel into) throws IOException {
        while (from.hasRemaining()) {
            into.write(from);
        }
    }

    @Test
    void bytesArriveAsTheyWereSentAndTheEndAfterThem() throws Exception {
        ByteBuffer sent = noise(MANY);
        ByteBuffer arrived = ByteBuffer.allocate(MANY + 1);
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                drain(sent.duplicate(), client);
                client.shutdownOutput();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        Thread receiver = Thread.ofPlatform().start(() -> {
            try {
                while (server.read(arrived) >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });

        boolean ended = false;
        while (!ended || lane.held() > 0) {
            int taken = lane.held() > 0 ? 0 : lane.take(1 << 20);
            ended |= taken == BulkLane.END;
            if (!ended && taken == 0 && lane.held() == 0) {
                await(source, SelectionKey.OP_READ);
            } else if (lane.held() > 0 && lane.give() == 0) {
                await(sink, SelectionKey.OP_WRITE);
            }
        }
        sink.shutdownOutput();
        sender.join();
        receiver.join();

        assertThat(arrived.flip()).isEqualTo(sent);
    }

    @Test
    void nothingThereIsZeroAndKeepsNoPipe() {
        assertThat(lane.take(1)).isZero();
        assertThat(lane.held()).isZero();
        assertThat(pipes.open()).isEqualTo(1);
        pipes.drain();
        assertThat(pipes.open()).isZero();
    }

    @Test
    void fullSinkIsZeroAndLosesNothing() throws Exception {
        sink.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
        ByteBuffer sent = noise(MANY);
        client.configureBlocking(false);
        int given;
        do {
            client.write(sent);
            lane.take(1 << 20);
            given = lane.give();
        } while (given > 0 || lane.held() == 0);

        assertThat(given).isZero();
        int onTheWay = lane.held();
        ByteBuffer arrived = ByteBuffer.allocate(onTheWay);
        // What was read makes room some time later: a reader that waits would keep the giver from using it.
        server.configureBlocking(false);
        while (arrived.hasRemaining()) {
            server.read(arrived);
            lane.give();
        }
        assertThat(lane.held()).isLessThan(onTheWay);
        assertThat(arrived.flip()).isEqualTo(noise(MANY).limit(onTheWay));
    }

    @Test
    void resetOfTheSourceIsAResetAfterItsLastWords() throws Exception {
        drain(noise(100), client);
        await(source, SelectionKey.OP_READ);
        assertThat(lane.take(1000)).isEqualTo(100);
        client.setOption(StandardSocketOptions.SO_LINGER, 0).close();
        await(source, SelectionKey.OP_READ);

        assertThat(lane.take(1000)).isEqualTo(BulkLane.RESET);
        assertThat(lane.held()).isEqualTo(100);
        assertThat(lane.give()).isEqualTo(100);
    }

    @Test
    void resetOfTheSinkIsAResetToTheGiver() throws Exception {
        drain(noise(100), client);
        await(source, SelectionKey.OP_READ);
        lane.take(1000);
        server.setOption(StandardSocketOptions.SO_LINGER, 0).close();
        await(sink, SelectionKey.OP_READ);

        assertThat(lane.give()).isEqualTo(BulkLane.RESET);
        lane.close();
        assertThat(pipes.open()).isZero();
    }

    @Test
    void pipeIsAsLargeAsTheKernelLets() {
        Pipe pipe = Objects.requireNonNull(pipes.lease());

        assertThat(pipe.capacity()).isBetween(Pipes.LEAST_BYTES, Pipes.WANTED_BYTES);
        pipes.giveBack(pipe);
    }

    @Test
    void thisProcessMaySpliceAndTheSelfCheckFindsNothingWrong() {
        assertThat(Platform.here().objection()).isEmpty();
        assertThat(new SplicePathComponent().unavailable()).isEmpty();
        assertThat(new CallsSelfCheck().run()).isEmpty();
    }

    @Test
    void errnoOfACallIsItsOwn() {
        PipeFfm libc = new PipeFfm();

        assertThat(libc.splice(-1, -1, 1, 0)).isEqualTo(-1);
        assertThat(libc.errno()).isEqualTo(9);
        assertThat(libc.fcntl(descriptorOf(pipes), PipeLibc.F_SETPIPE_SZ, -1)).isEqualTo(-1);
        assertThat(libc.errno()).isEqualTo(PipeLibc.EINVAL);
    }

    private static int descriptorOf(Pipes pool) {
        Pipe pipe = Objects.requireNonNull(pool.lease());
        pool.giveBack(pipe);
        return pipe.writeEnd();
    }
}
