// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Versions that no exception betrays, each in another way: the bake finds them by what becomes of the flows, under traffic, and the connections
 * that are open on the version before notice nothing. What is no fault of a version, and what proves nothing, takes none back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class BakeTest {
    private static final int OPEN = 10;
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Flows that are enough to compare with. */
    private static final int USUAL = 60;
    private final int port = Ports.free();
    private final int inspected = Ports.free();
    private int versions = 300;
    private Path work;
    private Backend backend;
    private String toml = "";
    private Appliance appliance;
    private Streams streams;

    @BeforeAll
    void start(@TempDir Path directory) {
        work = directory;
        backend = Backend.naming("plain");
        toml = Rules.plain("plain", port, backend.port()) + "[deploy]\nbake = \"8s\"\n";
        appliance = Appliance.start(directory, toml);
        streams = new Streams(Duration.ofMillis(100));
        streams.add(OPEN, "plain", () -> dial(port));
        Await.until("the streams are open", SOON, () -> streams.open() == OPEN);
    }

    @AfterAll
    void stop() throws IOException {
        streams.close();
        appliance.close();
        backend.close();
    }

    @BeforeEach
    void makeSomethingUsual() {
        try (Traffic traffic = new Traffic(port)) {
            Await.until("flows to compare with", SOON, () -> traffic.served() >= USUAL);
        }
    }

    private static Socket dial(int to) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** One connection after the other, each of which sends something and hears who is there; what becomes of them is for the test to judge. */
    private static final class Traffic implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger served = new AtomicInteger();
        private final List<Thread> callers = new ArrayList<>();

        Traffic(int to) {
            for (int caller = 0; caller < 2; caller++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        call(to);
                    }
                }));
            }
        }

        private void call(int to) {
            try (Socket socket = dial(to)) {
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                if (Streams.line(socket.getInputStream()).equals("plain") && socket.getInputStream().readNBytes(5).length == 5) {
                    served.incrementAndGet();
                }
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        }

        int served() {
            return served.get();
        }

        @Override
        public void close() {
            over.set(true);
            callers.forEach(caller -> {
                try {
                    caller.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private String number() {
        return "0.1." + ++versions;
    }

    private void nothingChanged() throws IOException {
        try (Socket socket = dial(port)) {
            assertThat(Streams.line(socket.getInputStream())).isEqualTo("plain");
        }
        assertThat(streams.failures()).isEmpty();
        assertThat(streams.open()).isEqualTo(OPEN);
        assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
    }

    private void takenBack(HttpResponse<String> answer, String version, String why) throws IOException {
        assertThat(answer.body()).contains("bake_failed").contains("\"done\":false").contains(why);
        nothingChanged();
        Await.until("the version is gone", SOON, () -> !appliance.get("/v1/bundles").body().contains("\"" + version + "\""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "resets everything as upstream_reset, downstream.reset(); flow.closed(CloseReason.UPSTREAM_RESET);, ended as upstream_reset",
        "closes everything in peace, downstream.close(); flow.closed(CloseReason.COMPLETED);, delivered nothing",
        "blames its clients, downstream.reset(); flow.closed(CloseReason.DOWNSTREAM_RESET);, delivered nothing"})
    void handlerThatServesNobodyIsTakenBack(String name, String accepted, String why) throws IOException {
        String version = number();
        Path jar = MadeBundle.handler(version, accepted).jar(work);
        try (Traffic traffic = new Traffic(port)) {
            takenBack(appliance.upload("/v1/bundles", jar), version, why);
            int before = traffic.served();
            Await.until("connections are served again", SOON, () -> traffic.served() > before + USUAL);
        }
    }

    private static MadeBundle policy(String version, String admission) {
        return new MadeBundle("com.example.few", version, Map.of("Few implements Policy",
            "public String kind() { return \"few\"; } public Admission accept(AcceptRequest request) { return " + admission + "; }",
            "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"), Map.of("Portunus-Provides", "policy;kind=few"));
    }

    @Test
    void policyThatRefusesEverythingIsTakenBack() throws IOException {
        try (Traffic traffic = new Traffic(port)) {
            String good = appliance.upload("/v1/bundles", policy("1.0.0", "Admission.UNLIMITED").jar(work)).body();
            assertThat(good).contains("\"done\":true");

            takenBack(appliance.upload("/v1/bundles", policy("1.1.0", "new Admission.Refused(CloseReason.MAX_CONNECTIONS)").jar(work)), "1.1.0",
                "few policy refused");
            assertThat(traffic.served()).isPositive();
        }
        assertThat(appliance.delete("/v1/bundles/com.example.few").statusCode()).isEqualTo(200);
    }

    private static MadeBundle inspector(String version, String first) {
        // One class is all of it: of each only that of its own name is packed.
        return new MadeBundle("com.example.made", version, Map.of("Made implements Inspection, Inspector", """
            public String kind() { return "made"; }
            public Inspection begin() { return this; }
            public Verdict inspect(java.nio.ByteBuffer bytes) { %s return new Verdict.Recognised(Prelude.of("made")); }
            public byte[] refusal(CloseReason reason) { return new byte[0]; }
            """.formatted(first), "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"),
            Map.of("Portunus-Provides", "inspector;kind=made"));
    }

    @Test
    void inspectorThatSleepsOnTheLoopForEachHelloIsTakenBack() throws IOException {
        assertThat(appliance.upload("/v1/bundles", inspector("1.0.0", "").jar(work)).body()).contains("\"done\":true");
        appliance.configure(Rules.plain("made", inspected, backend.port()) + "match = { kind = \"made\" }\n" + toml);
        try (Traffic traffic = new Traffic(inspected)) {
            Await.until("flows to compare with", SOON, () -> traffic.served() >= USUAL);

            HttpResponse<String> answer = appliance.upload("/v1/bundles",
                inspector("1.1.0", "java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);").jar(work));

            assertThat(answer.body()).contains("bake_failed").containsAnyOf("kept the loop for milliseconds", "first byte later than");
        }
        nothingChanged();
        appliance.configure(toml);
        Await.until("nothing needs the inspector", SOON, () -> !appliance.get("/v1/rules").body().contains("\"made\""));
        assertThat(appliance.delete("/v1/bundles/com.example.made").statusCode()).isEqualTo(200);
    }

    @Test
    void probesOfAPortScannerTakeNoVersionBack() throws IOException {
        HttpResponse<String> answer = upgradeUnder(() -> {
            for (int probe = 0; probe < 6; probe++) {
                try (Socket socket = dial(port)) {
                    socket.setSoLinger(true, 0);
                }
            }
        });

        assertThat(answer.body()).contains("\"done\":true");
        assertThat(appliance.post("/v1/bundles/io.portunus.flow.tcp/rollback").statusCode()).isEqualTo(200);
    }

    @Test
    void idleNodeDoesNotPassBySilence() throws IOException {
        String version = number();
        HttpResponse<String> answer = appliance.upload("/v1/bundles",
            BundleJar.versioned(Distribution.bundle("flow.tcp"), version, work.resolve("idle")));

        assertThat(answer.body()).contains("\"done\":true").contains("not proven: 0 flows").contains("portunus:rollback");
        assertThat(appliance.get("/v1/bundles").body()).contains("\"unproven\":\"not proven: 0 flows\"");
        assertThat(appliance.errors()).contains("bundle.not_proven");
        assertThat(appliance.post("/v1/bundles/io.portunus.flow.tcp/rollback").statusCode()).isEqualTo(200);
    }

    private interface Probes {
        void send() throws IOException;
    }

    /** A version that does as the older, while somebody probes the port. */
    private HttpResponse<String> upgradeUnder(Probes probes) throws IOException {
        String version = number();
        Path jar = BundleJar.versioned(Distribution.bundle("flow.tcp"), version, work.resolve("probed"));
        Thread prober = Thread.ofVirtual().start(() -> {
            Await.until("the version is watched", SOON, () -> appliance.get("/v1/bundles").body().contains("\"baking\""));
            try {
                probes.send();
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        });
        HttpResponse<String> answer = appliance.upload("/v1/bundles", jar);
        try {
            prober.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answer;
    }
}
