// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of a bundle holds a loop for ever: the node states it, goes around the loop, takes the bundle back, and ends when it has to. */
@Timeout(180)
class StalledLoopTest {
    private static final int STREAMS = 24;
    private static final int NEWCOMERS = 200;
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String FOR_EVER = "while (true) { java.util.concurrent.locks.LockSupport.park(); }";
    private static final String SPINS = "while (true) { Thread.onSpinWait(); }";

    @TempDir
    private Path directory = Path.of(".");
    private final int port = Ports.free();
    private final int rudePort = Ports.free();
    private Backend backend;
    private Streams streams;

    @BeforeEach
    void start() {
        backend = Backend.naming("plain");
        streams = new Streams(Duration.ofMillis(50));
    }

    @AfterEach
    void stop() throws IOException {
        streams.close();
        backend.close();
    }

    private static MadeBundle bundle(String role, Map<String, String> part) {
        Map<String, String> classes = new TreeMap<>(part);
        classes.put("Check implements SelfCheck", "public List<Problem> run() { return List.of(); }");
        return new MadeBundle("com.rude", "1.0.0", classes, Map.of("Portunus-Provides", role + ";kind=rude"));
    }

    private static MadeBundle inspector(String does) {
        return bundle("inspector", Map.of("Rude implements Inspection, Inspector", """
            public String kind() { return "rude"; }
            public Inspection begin() { return this; }
            public Verdict inspect(java.nio.ByteBuffer bytes) { %s }
            public byte[] refusal(CloseReason reason) { return new byte[0]; }
            """.formatted(does)));
    }

    private MadeBundle policy() {
        return bundle("policy", Map.of("Rude implements Policy", """
            public String kind() { return "rude"; }
            public Admission accept(AcceptRequest request) {
                if (request.listener().port() == %d) { %s }
                return Admission.UNLIMITED;
            }
            """.formatted(rudePort, FOR_EVER)));
    }

    private MadeBundle handler() {
        return new MadeBundle("io.portunus.flow.tcp", "0.1.300", Map.of("Rude implements StreamEvents, FlowHandler", """
            public String kind() { return TCP; }
            public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
                if (listener.key().port() == %d) {
                    downstream.events(this);
                    downstream.interest(true, false);
                } else {
                    downstream.reset();
                    flow.closed(CloseReason.KILLED);
                }
            }
            public void readable(Stream stream) { %s }
            public void writable(Stream stream) { }
            """.formatted(rudePort, FOR_EVER), "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"), Map.of());
    }

    static Stream<Arguments> rude() {
        return Stream.of(Arguments.of("xnio", "inspector sleeps"), Arguments.of("epoll", "inspector sleeps"), Arguments.of("xnio", "inspector spins"),
            Arguments.of("epoll", "inspector spins"), Arguments.of("epoll", "handler"), Arguments.of("xnio", "policy"));
    }

    private MadeBundle made(String which) {
        return switch (which) {
            case "inspector sleeps" -> inspector(FOR_EVER);
            case "inspector spins" -> inspector(SPINS);
            case "policy" -> policy();
            default -> handler();
        };
    }

    private Appliance node(String transport, String which, String lostLoop) {
        String rudeRule = Rules.plain("rude", rudePort, backend.port()) + (which.startsWith("inspector") ? "match = { kind = \"rude\" }\n" : "");
        return Appliance.start(directory, Rules.plain("plain", port, backend.port()) + rudeRule + """
            [global]
            transport = "%s"
            shutdown_drain_secs = 2
            [deploy]
            bake = "8s"
            lost_loop = "%s"
            """.formatted(transport, lostLoop), Map.of("PORTUNUS_JAVA_OPTS", "-XX:ActiveProcessorCount=4"));
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private void openStreams() {
        streams.add(STREAMS, "plain", this::dial);
        Await.until("the streams are open", SOON, () -> streams.open() == STREAMS);
    }

    /** One client after the other until one of them gets no answer: its loop stands still. */
    private Socket holdALoop() throws IOException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < deadline) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), rudePort);
            try {
                client.setSoTimeout(1500);
                client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().read();
                client.close();
            } catch (SocketTimeoutException stands) {
                return client;
            } catch (IOException notYet) {
                client.close();
            }
        }
        throw new AssertionError("no loop stands still");
    }

    /** Uploads it, and has it hold a loop while it is watched. */
    private HttpResponse<String> takenBack(Appliance appliance, MadeBundle rude) throws Exception {
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> appliance.upload("/v1/bundles", rude.jar(directory)));
        try (Socket held = holdALoop()) {
            assertThat(held.isConnected()).isTrue();
            return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static long flows(Appliance appliance, String event) {
        Matcher found = Pattern.compile("\"event\":\"" + event + "\".*?\"flows\":\"?(\\d+)").matcher(appliance.errors());
        assertThat(found.find()).as(appliance.errors()).isTrue();
        return Long.parseLong(found.group(1));
    }

    private long flowsOfRude(Appliance appliance) {
        return Pattern.compile("\"listener\":\"[^\"]*:" + rudePort + "\"").matcher(appliance.get("/v1/flows").body()).results().count();
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("rude")
    void othersGoOnAndTheVersionIsTakenBack(String transport, String which) throws Exception {
        try (Appliance appliance = node(transport, which, "stay")) {
            openStreams();
            MadeBundle rude = made(which);

            HttpResponse<String> answer = takenBack(appliance, rude);

            assertThat(answer.body()).contains("bake_failed").contains("has held the loop").contains("connections stand still");
            Await.until("it is logged", SOON, () -> appliance.errors().contains("loop.stalled"));
            assertThat(appliance.errors()).contains("made.Rude").contains(rude.name());
            assertThat(appliance.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(appliance.get("/readyz").body()).contains("loop_stalled").contains(rude.name() + " " + rude.version());
            for (int i = 0; i < NEWCOMERS; i++) {
                try (Socket socket = dial()) {
                    assertThat(Streams.line(socket.getInputStream())).as("newcomer " + i).isEqualTo("plain");
                }
            }
            Await.until("the loop is lost", SOON, () -> appliance.errors().contains("loop.lost"));
            assertThat(appliance.get("/healthz").statusCode()).isEqualTo(503);
            assertThat(appliance.get("/metrics").body()).containsPattern("portunus_loops\\{[^}]*state=\"lost\"} 1\\.0");
            // Who held it is among them, and whoever was served just before and whose end the loop did not see any more.
            long lost = flows(appliance, "loop.lost") - flowsOfRude(appliance);
            assertThat(lost).isLessThan(STREAMS);
            Await.until("they are given up", SOON, () -> streams.failures().size() >= lost);
            long before = streams.exchanged();
            Await.until("the others talk", SOON, () -> streams.exchanged() > before + 10 * STREAMS);
            assertThat(streams.failures()).hasSize((int) lost);
            streams.close();

            appliance.process().destroy();

            assertThat(appliance.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(appliance.process().exitValue()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void lostLoopEndsTheProcess(String transport) throws Exception {
        try (Appliance appliance = node(transport, "inspector", "exit")) {
            openStreams();

            HttpResponse<String> answer = takenBack(appliance, inspector(FOR_EVER));

            assertThat(answer.body()).contains("bake_failed");
            assertThat(appliance.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(appliance.process().exitValue()).isEqualTo(4);
            assertThat(appliance.errors()).contains("loop.lost").contains("loop.exit").doesNotContain("process.halted");
            assertThat(flows(appliance, "loop.exit")).isLessThan(STREAMS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"public void deactivate() { %s }", "public Rude() { Runtime.getRuntime().addShutdownHook(new Thread(() -> { %s })); }"})
    void whatDoesNotEndIsHalted(String member) throws Exception {
        try (Appliance appliance = node("xnio", "policy", "exit")) {
            MadeBundle stays = bundle("inspector", Map.of("Rude implements Inspector", """
                public String kind() { return "rude"; }
                public Inspection begin() { throw new IllegalStateException("no rule asks for it"); }
                """ + member.formatted(FOR_EVER)));
            assertThat(appliance.upload("/v1/bundles", stays.jar(directory)).body()).contains("\"done\":true");

            appliance.process().destroy();

            assertThat(appliance.process().waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(appliance.process().exitValue()).isEqualTo(5);
            assertThat(appliance.errors()).contains("process.halted").contains(member.contains("deactivate") ? "com.rude 1.0.0" : "hook");
        }
    }
}
