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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that end the process, or whose readiness checks are sick: the node is there again without them. */
@Timeout(300)
class FailedStartTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final int port = Ports.free();
    private Path home;
    private Backend backend;
    private String toml;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backend = Backend.naming("plain");
        toml = Rules.plain("plain", port, backend.port()) + "[deploy]\nbake = \"200ms\"\n";
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    /** A bundle whose check of itself is well, and that does this when it is made. */
    private MadeBundle made(String version, String constructor) {
        return new MadeBundle("com.example.made", version, Map.of("Made implements Inspector", """
            public Made() { %s }
            public String kind() { return "made"; }
            public Inspection begin() { throw new UnsupportedOperationException(); }
            """.formatted(constructor), "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"),
            Map.of("Portunus-Provides", "inspector;kind=made"));
    }

    private boolean serves() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            return Streams.line(socket.getInputStream()).equals("plain");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void ends() throws InterruptedException {
        Appliance failing = Appliance.launch(home, toml);
        assertThat(failing.process().waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(failing.process().exitValue()).isEqualTo(17);
    }

    @Test
    void deployedBundleThatEndsTwoStartsIsLeftOutAndTheNodeGoesOn() throws Exception {
        Path boom = home.resolve("boom");
        String constructor = "if (java.nio.file.Files.exists(java.nio.file.Path.of(\"%s\"))) Runtime.getRuntime().halt(17);".formatted(boom);
        try (Appliance appliance = Appliance.start(home, toml)) {
            assertThat(appliance.upload("/v1/bundles", made("1.0.0", constructor).jar(home)).body()).contains("\"done\":true");
        }
        try (Appliance appliance = Appliance.start(home, toml)) {
            assertThat(appliance.get("/v1/bundles").body()).contains("\"com.example.made\"").contains("\"deployed\"");
        }
        Files.createFile(boom);
        ends();
        ends();

        try (Appliance appliance = Appliance.start(home, toml)) {
            assertThat(serves()).isTrue();
            Await.until("it is logged", SOON, () -> appliance.errors().contains("generation.left_out"));
            assertThat(appliance.errors()).contains("com.example.made 1.0.0");
            assertThat(appliance.get("/readyz").body()).contains("\"degraded\":true").contains("left_out");
            assertThat(appliance.get("/v1/bundles").body()).contains("\"phase\":\"left_out\"");
        }
        try (Appliance again = Appliance.start(home, toml)) {
            Await.until("it is logged again", SOON, () -> again.errors().contains("generation.left_out"));
            assertThat(again.delete("/v1/bundles/com.example.made").body()).contains("\"done\":true");
            assertThat(again.get("/readyz").body()).contains("\"degraded\":false");
        }
        try (Appliance clean = Appliance.start(home, toml)) {
            assertThat(clean.errors()).doesNotContain("generation.left_out");
        }
    }

    @Test
    void jarInTheFolderThatEndsTheProcessIsNotTriedAgain() throws Exception {
        Path jar = made("1.0.0", "Runtime.getRuntime().halt(17);").jar(home);
        Path inbox = Files.createDirectories(home.resolve("state/deploy"));
        Files.copy(jar, inbox.resolve("made.jar"));
        ends();

        try (Appliance appliance = Appliance.start(home, toml)) {
            Await.until("it is refused", SOON, () -> Files.exists(inbox.resolve("made.jar.refused")));
            assertThat(Files.readString(inbox.resolve("made.jar.refused.txt"))).startsWith("ended_process: ");
            assertThat(appliance.get("/v1/bundles").body()).doesNotContain("com.example.made");
            assertThat(serves()).isTrue();
        }
    }

    private MadeBundle sick(String version, String problems) {
        return new MadeBundle("com.example.sick", version, Map.of("Sick implements io.portunus.node.api.ReadinessCheck",
            "public String name() { return \"sick\"; } public List<Problem> problems() { " + problems + " }",
            "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"), Map.of(
                "Import-Package", "io.portunus.flow.api,io.portunus.flow.spi,io.portunus.model,io.portunus.node.api"));
    }

    @Test
    void checkThatThrowsIsTakenBackAndNothingOfItRemains() throws Exception {
        try (Appliance appliance = Appliance.start(home, toml)) {
            String answer = appliance.upload("/v1/bundles", sick("1.0.0", "throw new IllegalStateException(\"boo\");").jar(home)).body();

            assertThat(answer).contains("\"done\":false").contains("bake_failed").contains("sick");
            assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
            Await.until("it is gone", SOON, () -> !appliance.get("/v1/bundles").body().contains("com.example.sick"));
            assertThat(home.resolve("state/generation.json")).doesNotExist();
        }
    }

    @Test
    void checkThatIsSickLaterBreaksNoReadinessNoUpgradeNoRemovalAndNoStart() throws Exception {
        Path sick = home.resolve("sick");
        for (String how : new String[] {"throw new NoClassDefFoundError(\"boo\");",
            "while (true) { java.util.concurrent.locks.LockSupport.park(); }"}) {
            Files.deleteIfExists(sick);
            String problems = "if (java.nio.file.Files.exists(java.nio.file.Path.of(\"%s\"))) { %s } return List.of();".formatted(sick, how);
            try (Appliance appliance = Appliance.start(home, toml)) {
                assertThat(appliance.upload("/v1/bundles", sick("1.0.0", problems).jar(Files.createTempDirectory(home, "jar"))).body())
                    .contains("\"done\":true");
                Files.createFile(sick);
                Await.until("it is named", SOON, () -> appliance.get("/readyz").body().contains("readiness_check_failed"));
                assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
                assertThat(appliance.upload("/v1/bundles", made("1.0." + how.length(), "").jar(Files.createTempDirectory(home, "jar"))).body())
                    .contains("\"done\":true");
            }
            try (Appliance appliance = Appliance.start(home, toml)) {
                assertThat(serves()).isTrue();
                assertThat(appliance.delete("/v1/bundles/com.example.sick").body()).contains("\"done\":true");
                assertThat(appliance.delete("/v1/bundles/com.example.made").body()).contains("\"done\":true");
            }
        }
    }
}
