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
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of others that throw, sleep, hang and spin: connections go on, none is lost, and the surfaces name whose fault it is. */
@Timeout(240)
class ForeignCodeTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String NAME = "com.example.bad";

    private final int port = Ports.free();
    private Path work;
    private Backend backend;
    private Appliance appliance;
    private Streams streams;

    @BeforeEach
    void start(@TempDir Path directory) {
        work = directory;
        backend = Backend.naming("plain");
        appliance = Appliance.start(directory, Rules.plain("plain", port, backend.port()) + "[deploy]\nbake = \"500ms\"\n");
        streams = new Streams(Duration.ofMillis(100));
        streams.add(10, "plain", this::dial);
        Await.until("the streams are open", SOON, () -> streams.open() == 10);
    }

    @AfterEach
    void stop() throws IOException {
        streams.close();
        appliance.close();
        backend.close();
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Connections one after the other, each of which has to get its answer. */
    private void connections(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (Socket socket = dial()) {
                assertThat(Streams.line(socket.getInputStream())).isEqualTo("plain");
            }
        }
    }

    private void onlyTheStreamsAreOpen() {
        assertThat(streams.failures()).isEmpty();
        Await.until("every connection that ended is counted as ended", SOON,
            () -> appliance.get("/metrics").body().lines().anyMatch(line -> line.matches("portunus_connections_active.* 10(\\.0)?")));
    }

    private Path bad(String version, Map<String, String> classes) {
        Map<String, String> all = new LinkedHashMap<>(classes);
        all.put("Check implements SelfCheck", "public List<Problem> run() { return List.of(); }");
        return new MadeBundle(NAME, version, all, Map.of()).jar(work.resolve("made"));
    }

    private static Map<String, String> sink(String take) {
        return Map.of("Sink implements FlowRecordSink", "public void take(FlowRecord flow) { " + take + " }\npublic long dropped() { return 0; }");
    }

    private String bundles() {
        return appliance.get("/v1/bundles").body();
    }

    private void deploy(Path jar) {
        assertThat(appliance.upload("/v1/bundles", jar).body()).contains("\"done\":true");
    }

    @Test
    void sinkThatThrowsErrorsIsCalledNoMoreAndTakesNoPlace() throws IOException {
        deploy(bad("1.0.0", sink("throw new StackOverflowError(\"as the test wants\");")));

        connections(100);

        onlyTheStreamsAreOpen();
        Await.until("it is in quarantine", SOON, () -> bundles().contains("\"phase\":\"quarantined\""));
        assertThat(bundles()).contains("record sink is in quarantine", "\"faults\":16");
        HttpResponse<String> ready = appliance.get("/readyz");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("bundle_quarantined", "degraded");
        assertThat(appliance.errors()).contains("bundle.quarantined");
        assertThat(appliance.post("/v1/bundles/" + NAME + "/release").body()).contains("is called again");
        assertThat(appliance.delete("/v1/bundles/" + NAME).body()).contains("\"done\":true");
        connections(50);
        onlyTheStreamsAreOpen();
        assertThat(appliance.get("/readyz").body()).doesNotContain("bundle_quarantined");
    }

    @Test
    void sinkThatSleepsAndOneThatHangsCostNoConnection() throws IOException {
        deploy(bad("1.0.0", sink("java.util.concurrent.locks.LockSupport.parkNanos(50_000_000L);")));
        long slow = System.nanoTime();
        connections(400);
        // 400 records of 50 ms are 20 s of work; a loop that did it would not have got here.
        assertThat(Duration.ofNanos(System.nanoTime() - slow)).isLessThan(Duration.ofSeconds(15));
        deploy(bad("1.1.0", sink("while (true) { Thread.onSpinWait(); }")));
        connections(400);

        onlyTheStreamsAreOpen();
        Await.until("it is shown that it hangs", SOON, () -> bundles().contains("record sink hangs"));
        assertThat(appliance.delete("/v1/bundles/" + NAME).body()).contains("\"done\":true");
        connections(100);
        onlyTheStreamsAreOpen();
    }

    private void surfacesAnswer() {
        for (int i = 0; i < 4; i++) {
            assertThat(appliance.get("/v1/limits").body()).isEqualTo("{\"limits\":[]}");
            assertThat(appliance.get("/metrics").body()).contains("portunus_connections_active", "portunus_target_up");
        }
    }

    @Test
    void policyThatThrowsOrHangsWhenItShowsItsLimitsBreaksNoSurface() throws IOException {
        String shows = "public String kind() { return \"bad\"; }\npublic List<LimitRow> limits(LimitsRequest request) { %s }\n";
        deploy(bad("1.0.0", Map.of("Limit implements Policy", shows.formatted("throw new StackOverflowError(\"as the test wants\");"))));
        surfacesAnswer();
        assertThat(bundles()).contains("The policy bad, limits failed: 8 faults");
        connections(20);

        deploy(bad("1.1.0", Map.of("Limit implements Policy", shows.formatted(
            "new java.util.concurrent.Semaphore(0).acquireUninterruptibly(); return List.of();"))));
        surfacesAnswer();
        assertThat(bundles()).contains("of its calls do not come back");
        connections(20);
        onlyTheStreamsAreOpen();
    }

    @Test
    void policyThatThrowsIsMissingAfterItsFaultsAndTheOthersGoOn() throws IOException {
        deploy(bad("1.0.0", Map.of("Limit implements Policy", """
            public String kind() { return "bad"; }
            public Admission admit(AdmissionRequest request) { throw new NoClassDefFoundError("as/the/test/Wants"); }
            """)));

        int lost = 0;
        for (int i = 0; i < 60; i++) {
            try (Socket socket = dial()) {
                lost += socket.getInputStream().read() < 0 ? 1 : 0;
            } catch (IOException reset) {
                lost++;
            }
        }

        // Sixteen, less the ten streams that it may have been offered first, and what comes until the next choice of who serves.
        assertThat(lost).isBetween(6, 20);
        assertThat(bundles()).contains("policy bad is in quarantine");
        onlyTheStreamsAreOpen();
        connections(20);
    }

    @Test
    void constructorsThatSpinTakeNeitherAdminNorForwardingWithThem() throws IOException {
        for (String version : new String[] {"1.0.0", "1.0.1", "1.0.2"}) {
            Path jar = bad(version, Map.of("Look implements Inspector", """
                public Look() { while (true) { Thread.onSpinWait(); } }
                public String kind() { return "bad"; }
                public Inspection begin() { throw new IllegalStateException(); }
                """));
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> appliance.upload("/v1/bundles", jar));
            while (!answer.isDone()) {
                connections(5);
                assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
            }
            assertThat(answer.join().body()).contains("\"done\":false", "start_failed");
        }

        onlyTheStreamsAreOpen();
        connections(50);
        assertThat(appliance.get("/v1/flows").statusCode()).isEqualTo(200);
        deploy(new MadeBundle("com.example.good", "1.0.0", sinkAndCheck(), Map.of()).jar(work.resolve("good")));
        // A start that spins is never over, and a framework with one does not stop in order: how such a process ends is the launcher's.
        appliance.process().destroyForcibly();
    }

    private static Map<String, String> sinkAndCheck() {
        Map<String, String> all = new LinkedHashMap<>(sink(""));
        all.put("Check implements SelfCheck", "public List<Problem> run() { return List.of(); }");
        return all;
    }
}
