// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.http.AdminServer.Settings;
import io.portunus.itest.testkit.ErrorLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.Xnio;

@Timeout(30)
class ClosingTest {
    private static final byte[] PAGE = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration SHORT = Duration.ofMillis(100);
    /** More than a busy machine takes for two requests. */
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path state;

    private final Samples node = new Samples();
    private final CountDownLatch working = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final CompletableFuture<Thread> worker = new CompletableFuture<>();
    private final ErrorLog log = new ErrorLog();

    @BeforeEach
    void takeTime() {
        node.beforePage = () -> {
            worker.complete(Thread.currentThread());
            working.countDown();
            try {
                done.await();
            } catch (InterruptedException cut) {
                throw new IllegalStateException(cut);
            }
        };
    }

    @AfterEach
    void nothingWasAnError() {
        log.close();
    }

    @Test
    void letsARunningRequestFinishAndTakesNoOther() throws Exception {
        AdminServer server = start("127.0.0.1:0", LONG);
        try (Socket running = connect(server); Socket idle = connect(server)) {
            running.getOutputStream().write(PAGE);
            working.await();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            awaitNoListener(running.getPort());
            idle.getOutputStream().write(PAGE);
            String refused = readAll(idle);
            done.countDown();

            assertThat(refused).startsWith("HTTP/1.1 503").contains("\"closing\"");
            assertThat(readAll(running)).startsWith("HTTP/1.1 200").contains("Connection: close").endsWith("portunus_up 1\n");
            closed.get();
        }
    }

    @Test
    void leavesItsPortToAnotherSurfaceAndGivesTheAnswerThatIsUnderWay() throws Exception {
        AdminServer server = start("127.0.0.1:0", SHORT);
        try (Socket running = connect(server)) {
            running.getOutputStream().write(PAGE);
            working.await();

            server.leave();
            CompletableFuture<Boolean> finished = CompletableFuture.supplyAsync(() -> finished(server));
            AdminServer next = start("127.0.0.1:" + running.getPort(), SHORT);

            assertThat(next.problems()).isEmpty();
            assertThat(finished).isNotDone();
            node.beforePage = () -> { };
            try (Socket newcomer = connect(next)) {
                newcomer.getOutputStream().write(PAGE);
                newcomer.shutdownOutput();
                assertThat(readAll(newcomer)).startsWith("HTTP/1.1 200");
            }
            done.countDown();
            assertThat(readAll(running)).startsWith("HTTP/1.1 200").contains("Connection: close").endsWith("portunus_up 1\n");
            assertThat(finished.get()).isTrue();
            next.close();
        }
    }

    private static boolean finished(AdminServer server) {
        try {
            server.finish(LONG);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void interruptsARequestThatTakesLongerThanTheBound() throws Exception {
        AdminServer server = start("127.0.0.1:0", SHORT);
        try (Socket running = connect(server)) {
            running.getOutputStream().write(PAGE);
            working.await();

            server.close();

            assertThat(readAll(running)).startsWith("HTTP/1.1 503").contains("\"closing\"");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutsARequestThatHearsNoInterruptHoweverItEndsLater(boolean well) throws Exception {
        node.beforePage = () -> {
            worker.complete(Thread.currentThread());
            working.countDown();
            while (done.getCount() > 0) {
                Thread.onSpinWait();
            }
            if (!well) {
                throw new IllegalStateException("late");
            }
        };
        AdminServer server = start("127.0.0.1:0", SHORT);
        try (Socket running = connect(server)) {
            running.getOutputStream().write(PAGE);
            working.await();

            server.close();

            assertThat(readAll(running)).isEmpty();
        }
        done.countDown();
        assertThat(worker.get().join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void cutsAClientThatDoesNotReadItsAnswer() throws Exception {
        node.beforePage = working::countDown;
        node.body = "x".repeat(20_000_000);
        AdminServer server = start("127.0.0.1:0", SHORT);
        try (Socket slow = connect(server)) {
            slow.getOutputStream().write(PAGE);
            slow.getInputStream().read();

            server.close();

            assertThat(readAll(slow).length()).isLessThan(20_000_000);
        }
    }

    @Test
    void leavesThePortToTheNextAtOnce() throws Exception {
        done.countDown();
        AdminServer first = start("127.0.0.1:0", AdminServer.GRACE);
        int port = first.address().orElseThrow().getPort();
        for (int i = 0; i < 5; i++) {
            try (Socket socket = connect(first)) {
                socket.getOutputStream().write(PAGE);
                first.close();
                first = start("127.0.0.1:" + port, AdminServer.GRACE);
            }
        }
        first.close();
    }

    private AdminServer start(String listen, Duration grace) {
        AdminServer server = node.server(new Settings(listen, List.of(), state, FrontDoor.DEADLINE, grace));
        server.start(Xnio.getInstance());
        assertThat(server.problems()).isEmpty();
        return server;
    }

    private static Socket connect(AdminServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().orElseThrow().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Returns when nobody takes connections; the test's timeout is the bound. */
    private static void awaitNoListener(int port) {
        boolean there = true;
        while (there) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                there = probe.isConnected();
            } catch (IOException refused) {
                there = false;
            }
        }
    }

    /** All that comes until the end or a reset. */
    private static String readAll(Socket socket) {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[65536];
        try {
            for (int n = socket.getInputStream().read(some); n > 0; n = socket.getInputStream().read(some)) {
                all.append(new String(some, 0, n, StandardCharsets.US_ASCII));
            }
            return all.toString();
        } catch (IOException reset) {
            return all.toString();
        }
    }
}
