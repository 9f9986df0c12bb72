// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a peer reads when the other side was reset, in many tries, because it is the order of two events of the system that decides. A peer
 * of the test only reads by the time it looks: if it wrote, its write could return the reset, and its read an end.
 */
@Timeout(180)
class ResetTest {
    private static final int TRIES = 100;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int BEFORE_RESET = 200_000;
    /** What the socket buffers on the way take, so that nobody waits: the target resets while it is under way. */
    private static final int UPLOAD = 400_000;
    private static final int CHUNK = 16 * 1024;
    private static final int MAX_CHUNKS = 4_000;

    private final Queue<String> seenByTarget = new ConcurrentLinkedQueue<>();

    private static Appliance appliance(Path directory, String transport, boolean splice, String rules) {
        return Appliance.start(directory, "[global]\ntransport = \"" + transport + "\"\n" + rules,
            splice ? Map.of() : Map.of("PORTUNUS_DISABLE_SPLICE", "1"));
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** How its input ends. */
    private static String end(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[CHUNK];
        try {
            int read;
            do {
                read = in.read(buffer);
            } while (read >= 0);
            return "end";
        } catch (SocketTimeoutException silence) {
            return "silence";
        } catch (IOException reset) {
            return "reset";
        }
    }

    private static Socket client(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Connects, sends, and returns how its input ends; a reset that one of the former reports counts as seen. */
    private static String upload(int port, int bytes) throws IOException {
        try (Socket socket = client(port)) {
            for (int left = bytes; left > 0; left -= CHUNK) {
                socket.getOutputStream().write(new byte[Math.min(left, CHUNK)]);
            }
            return end(socket);
        } catch (SocketException reset) {
            return "reset";
        }
    }

    /** A2. */
    @ParameterizedTest
    @CsvSource({"xnio,true", "xnio,false", "epoll,true", "epoll,false"})
    void clientOfATargetThatResetsReadsNoEnd(String transport, boolean splice, @TempDir Path directory) throws IOException {
        int port = Ports.free();
        int accepting = Ports.free();
        try (Backend amid = Backend.start(socket -> {
            socket.getInputStream().readNBytes(BEFORE_RESET);
            reset(socket);
        });
            Backend atOnce = Backend.start(ResetTest::reset);
            Appliance appliance = appliance(directory, transport, splice,
                Rules.plain("amid", port, amid.port()) + Rules.plain("at-once", accepting, atOnce.port()))) {
            assertThat(appliance.process().isAlive()).isTrue();

            for (int i = 0; i < TRIES; i++) {
                assertThat(upload(port, UPLOAD)).as("upload %d", i).isEqualTo("reset");
                assertThat(upload(accepting, 1)).as("one byte %d", i).isEqualTo("reset");
            }
        }
    }

    /** Sends without end to a client that resets some time; looks before each chunk whether that came through. */
    private void serve(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < MAX_CHUNKS; i++) {
            try {
                if (socket.getInputStream().read() < 0) {
                    seenByTarget.add("end");
                    return;
                }
            } catch (SocketTimeoutException nothingYet) {
                // The client is still there.
            } catch (IOException reset) {
                seenByTarget.add("reset");
                return;
            }
            try {
                socket.getOutputStream().write(chunk);
            } catch (IOException reset) {
                seenByTarget.add("reset");
                return;
            }
        }
        seenByTarget.add("silence");
    }

    /** A2. */
    @ParameterizedTest
    @CsvSource({"xnio,true", "xnio,false", "epoll,true", "epoll,false"})
    void targetOfAClientThatResetsReadsNoEnd(String transport, boolean splice, @TempDir Path directory) throws Exception {
        int port = Ports.free();
        CountDownLatch served = new CountDownLatch(TRIES);
        AtomicInteger begun = new AtomicInteger();
        try (Backend backend = Backend.start(socket -> {
            begun.incrementAndGet();
            try {
                serve(socket);
            } finally {
                served.countDown();
            }
        }); Appliance appliance = appliance(directory, transport, splice, Rules.plain("download", port, backend.port()))) {
            assertThat(appliance.process().isAlive()).isTrue();

            for (int i = 0; i < TRIES; i++) {
                Socket socket = client(port);
                socket.getInputStream().readNBytes(BEFORE_RESET);
                reset(socket);
            }

            assertThat(served.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(begun).hasValue(TRIES);
            assertThat(seenByTarget).hasSize(TRIES).containsOnly("reset");
        }
    }
}
