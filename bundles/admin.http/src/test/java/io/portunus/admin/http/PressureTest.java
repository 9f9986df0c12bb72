// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many at once, and many that are slow: who asks for health is answered, and nothing looks worse than it is. */
@Timeout(120)
class PressureTest {
    private static final String CLOSE = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    @TempDir
    Path state;
    private AdminClient client;
    private final List<Socket> held = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        client = AdminClient.of(state);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : held) {
            socket.close();
        }
        client.close();
    }

    /** Silent, in the midst of a request line, of a field, and of a body that nobody asked for; and idle after an answer. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET /hea", "GET /healthz HTTP/1.1\r\nHost: local",
        "POST /v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\nabc", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void fiveHundredUnfinishedRequestsDelayNoHealth(String beginning) throws Exception {
        for (int i = 0; i < 500; i++) {
            hold(beginning);
        }
        long before = System.nanoTime();

        String health = ask("GET /healthz" + CLOSE);
        String ready = ask("GET /readyz" + CLOSE);

        assertThat(health).startsWith("HTTP/1.1 200 ");
        assertThat(ready).startsWith("HTTP/1.1 200 ");
        // Far below the five seconds that a head may take, and far above what a busy machine needs.
        assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(4_000);
    }

    @Test
    void threeThousandReadinessChecksAtFiveHundredAtOnceAreAllAnswered() throws Exception {
        Semaphore atOnce = new Semaphore(500);
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3000; i++) {
                atOnce.acquire();
                answers.add(clients.submit(() -> {
                    try {
                        return askAgain("GET /readyz" + CLOSE);
                    } finally {
                        atOnce.release();
                    }
                }));
            }
        }

        for (Future<String> answer : answers) {
            assertThat(answer.get()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aNewcomerGoesBeforeWhoDoesNotReadALargeAnswer() throws Exception {
        client.node.body = "x".repeat(6_000_000);
        for (int i = 0; i < FrontDoor.MAX_AT_WORK; i++) {
            hold("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").getInputStream().read();
        }
        client.node.body = "portunus_up 1\n";

        assertThat(ask("GET /readyz" + CLOSE)).startsWith("HTTP/1.1 200 ");
        String page = ask("GET /metrics" + CLOSE);
        while (page.startsWith("HTTP/1.1 429 ")) {
            assertThat(page).contains("Retry-After: 1\r\n", "\"code\":\"overloaded\"");
            page = ask("GET /metrics" + CLOSE);
        }
        assertThat(page).startsWith("HTTP/1.1 200 ").endsWith("portunus_up 1\n");
    }

    @Test
    void whoIsAtWorkIsNeverCutForANewcomer() throws Exception {
        Semaphore go = new Semaphore(0);
        client.node.beforePage = go::acquireUninterruptibly;
        Socket working = hold("GET /metrics" + CLOSE);
        for (int i = 0; i < 2 * Seats.MOST; i++) {
            hold("");
        }
        assertThat(ask("GET /healthz" + CLOSE)).startsWith("HTTP/1.1 200 ");

        go.release();

        assertThat(new String(working.getInputStream().readAllBytes(), US_ASCII)).startsWith("HTTP/1.1 200 ").endsWith("portunus_up 1\n");
    }

    private Socket hold(String beginning) throws IOException {
        Socket socket = connect();
        held.add(socket);
        socket.getOutputStream().write(beginning.getBytes(US_ASCII));
        return socket;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), client.server.address().orElseThrow().getPort()));
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Asks until there is an answer: who takes long to write after it has connected, as on a busy machine, may be cut for others. */
    private String askAgain(String request) throws IOException {
        String answer = "";
        while (answer.isEmpty()) {
            answer = ask(request);
        }
        return answer;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        } catch (SocketException cut) {
            return "";
        }
    }
}
