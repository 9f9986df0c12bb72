// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Probe.Ask;
import io.portunus.model.ProxyHeader.Version;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SocketQuestionerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Ask HTTP = new Ask.Http("health.example", "/healthz", PortRange.parse("200-399"));

    private final FakeNames names = new FakeNames();
    private final SocketQuestioner questioner = new SocketQuestioner(() -> names, Environment.system());

    private static ProbePlan plan(Ask ask, int port, Duration timeout, Optional<Version> header) {
        Probe probe = new Probe(ask, Duration.ofSeconds(1), timeout, 1, 1, OptionalInt.empty(), header.isPresent());
        return new ProbePlan(probe, "127.0.0.1", port, false, header, Optional.empty());
    }

    private ProbeResult ask(Ask ask, Backend backend) throws InterruptedException {
        return questioner.ask(plan(ask, backend.port(), PATIENCE, Optional.empty()));
    }

    private ProbeResult hurried(Ask ask, Backend backend) throws InterruptedException {
        return questioner.ask(plan(ask, backend.port(), Duration.ofMillis(200), Optional.empty()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** H1. */
    @Test
    void isContentWithAConnectionAndEndsItWithoutAReset() throws Exception {
        Queue<Integer> read = new ConcurrentLinkedQueue<>();
        try (Backend backend = new Backend(socket -> {
            socket.getOutputStream().write("SSH-2.0-banner\r\n".getBytes(StandardCharsets.US_ASCII));
            read.add(socket.getInputStream().read());
        })) {
            assertThat(ask(new Ask.Tcp(), backend)).isEqualTo(ProbeResult.GOOD);
            assertThat(read).containsExactly(-1);
            assertThat(backend.ends).isSubsetOf("done");
        }
    }

    @Test
    void reportsThatNobodyListens() throws Exception {
        assertThat(questioner.ask(plan(new Ask.Tcp(), freePort(), PATIENCE, Optional.empty()))).isEqualTo(ProbeResult.REFUSED);
    }

    @Test
    void doesNotWaitForASilentTargetLongerThanItsTime() throws Exception {
        try (Backend backend = new Backend(Backend.silent())) {
            assertThat(hurried(HTTP, backend)).isEqualTo(ProbeResult.TIMEOUT);
            assertThat(hurried(new Ask.Talk("PING\r\n", "PONG"), backend)).isEqualTo(ProbeResult.TIMEOUT);
            assertThat(hurried(new Ask.Tls(""), backend)).isEqualTo(ProbeResult.TIMEOUT);
            assertThat(ask(new Ask.Tcp(), backend)).isEqualTo(ProbeResult.GOOD);
        }
    }

    @Test
    void countsTheTimeOfTheWholeAnswerAndNotOfEachByte() throws Exception {
        try (Backend backend = new Backend(socket -> {
            socket.setSoTimeout(50);
            for (int i = 0; i < 100; i++) {
                socket.getOutputStream().write('x');
                waitABit(socket.getInputStream());
            }
        })) {
            long began = System.nanoTime();

            assertThat(hurried(new Ask.Talk("", "PONG"), backend)).isEqualTo(ProbeResult.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        }
    }

    private static void waitABit(InputStream in) throws IOException {
        try {
            if (in.read() < 0) {
                throw new IOException("the other side has left");
            }
        } catch (SocketTimeoutException passed) {
            // Time to write the next byte.
        }
    }

    @Test
    void asksAsHttpRequires() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        try (Backend backend = new Backend(socket -> {
            asked.add(Backend.until(socket.getInputStream(), "\r\n\r\n"));
            socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertThat(ask(HTTP, backend)).isEqualTo(ProbeResult.GOOD);
        }
        assertThat(asked.remove()).startsWith("GET /healthz HTTP/1.1\r\nHost: health.example\r\n").contains("\r\nConnection: close\r\n");
    }

    @Test
    void judgesTheStatus() throws Exception {
        assertThat(status("HTTP/1.1 302 Found\r\n\r\n")).isEqualTo(ProbeResult.GOOD);
        assertThat(status("HTTP/1.0 200\n")).isEqualTo(ProbeResult.GOOD);
        assertThat(status("HTTP/1.1 503 Service Unavailable\r\n\r\n")).isEqualTo(ProbeResult.STATUS);
        assertThat(status("HTTP/1.1 404 Not Found\r\n\r\n")).isEqualTo(ProbeResult.STATUS);
        assertThat(status("HTTP/1.1 2000 Odd\r\n\r\n")).isEqualTo(ProbeResult.ANSWER);
        assertThat(status("SSH-2.0-OpenSSH\r\n")).isEqualTo(ProbeResult.ANSWER);
        assertThat(status("")).isEqualTo(ProbeResult.ANSWER);
        assertThat(status("x".repeat(100_000))).isEqualTo(ProbeResult.ANSWER);
    }

    private ProbeResult status(String answer) throws Exception {
        try (Backend backend = new Backend(Backend.http(answer))) {
            return ask(HTTP, backend);
        }
    }

    /** H1. */
    @Test
    void expectsItsWordsWhereverTheyAreInTheAnswer() throws Exception {
        try (Backend backend = new Backend(socket -> {
            Backend.until(socket.getInputStream(), "PING\r\n");
            socket.getOutputStream().write("well, PO".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write("NG then".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertThat(ask(new Ask.Talk("PING\r\n", "PONG"), backend)).isEqualTo(ProbeResult.GOOD);
            assertThat(ask(new Ask.Talk("PING\r\n", ""), backend)).isEqualTo(ProbeResult.GOOD);
            assertThat(ask(new Ask.Talk("PING\r\n", "OK"), backend)).isEqualTo(ProbeResult.ANSWER);
        }
    }

    @Test
    void readsSixteenKibibytesAndNoMore() throws Exception {
        try (Backend backend = new Backend(socket -> {
            socket.getOutputStream().write(("x".repeat(Question.MAX_TALK) + "PONG").getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        })) {
            assertThat(ask(new Ask.Talk("", "PONG"), backend)).isEqualTo(ProbeResult.ANSWER);
        }
    }

    @Test
    void declaresThatItIsLocalBeforeItAsks() throws Exception {
        Queue<String> read = new ConcurrentLinkedQueue<>();
        try (Backend backend = new Backend(socket -> read.add(
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)))) {
            questioner.ask(plan(new Ask.Tcp(), backend.port(), PATIENCE, Optional.of(Version.V2)));
            questioner.ask(plan(new Ask.Tcp(), backend.port(), PATIENCE, Optional.of(Version.V1)));
        }
        assertThat(HexFormat.of().formatHex(read.remove().getBytes(StandardCharsets.ISO_8859_1))).isEqualTo("0d0a0d0a000d0a515549540a20000000");
        assertThat(read.remove()).isEqualTo("PROXY UNKNOWN\r\n");
    }

    @Test
    void asksTheNextAddressOfANameWhenOneRefuses() throws Exception {
        try (Backend backend = new Backend(Backend.http("HTTP/1.1 200 OK\r\n\r\n"))) {
            names.known.put("a.example", FakeNames.of(List.of("127.0.0.9", "127.0.0.1"), List.of()));

            assertThat(questioner.ask(named(backend.port()))).isEqualTo(ProbeResult.GOOD);
        }
    }

    @Test
    void reportsWhyANameFailed() throws Exception {
        names.known.put("a.example", FakeNames.failing(NameAnswer.Problem.NXDOMAIN));
        assertThat(questioner.ask(named(80))).isEqualTo(ProbeResult.bad("nxdomain"));
        names.known.put("a.example", FakeNames.failing(NameAnswer.Problem.OVERLOADED));
        assertThat(questioner.ask(named(80)).counts()).isFalse();
        assertThat(new SocketQuestioner(() -> NoNames.INSTANCE, Environment.system()).ask(named(80))).isEqualTo(ProbeResult.unasked("no_resolver"));
    }

    @Test
    void doesNotWaitForANameLongerThanItsTime() throws Exception {
        Probe probe = new Probe(HTTP, PATIENCE, Duration.ofMillis(50), 1, 1, OptionalInt.empty(), false);

        assertThat(questioner.ask(new ProbePlan(probe, "a.example", 80, false, Optional.empty(), Optional.empty())))
            .isEqualTo(ProbeResult.bad("timeout"));

        assertThat(names.cancelled).isEqualTo(1);
    }

    private static ProbePlan named(int port) {
        Probe probe = new Probe(HTTP, PATIENCE, PATIENCE, 1, 1, OptionalInt.empty(), false);
        return new ProbePlan(probe, "a.example", port, false, Optional.empty(), Optional.empty());
    }
}
