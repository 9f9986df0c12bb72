// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What runs is remembered: after a restart, and after kill -9 at any time of an upgrade. */
@Timeout(120)
class GenerationTest {
    private static final String TLS = "io.portunus.flow.tls";

    private final int port = Ports.free();
    private Path home;
    private Backend backend;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backend = Backend.naming("raw");
        appliance = start("200ms");
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    private Appliance start(String bake) {
        return Appliance.start(home, Rules.named("raw", port, "raw.test", backend.port()) + "[deploy]\nbake = \"" + bake + "\"\n");
    }

    private Path version(String number) {
        return BundleJar.versioned(Distribution.bundle("flow.tls"), number, home.resolve("jars"));
    }

    private HttpResponse<String> upgrade(String number) {
        return appliance.upload("/v1/bundles", version(number));
    }

    private String bundles() {
        return appliance.get("/v1/bundles").body();
    }

    private boolean routes() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(ClientHellos.named("raw.test"));
            return Streams.line(socket.getInputStream()).equals("raw");
        }
    }

    private void kill() {
        appliance.process().destroyForcibly();
        appliance.awaitExit();
    }

    @Test
    void deployedVersionServesAfterARestartAndSoDoesTheOneBeforeAfterARollBack() throws IOException {
        assertThat(upgrade("0.1.1").statusCode()).isEqualTo(200);
        appliance.close();

        appliance = start("200ms");
        assertThat(bundles()).contains("\"0.1.1\"").doesNotContain("\"" + TLS + "\",\"version\":\"0.1.0.SNAPSHOT\"");
        assertThat(routes()).isTrue();

        assertThat(appliance.post("/v1/bundles/" + TLS + "/rollback").statusCode()).isEqualTo(200);
        kill();
        appliance = start("200ms");
        assertThat(bundles()).doesNotContain("\"0.1.1\"");
        assertThat(routes()).isTrue();
    }

    /** Begins an upgrade and does not wait for its answer, which may never come. */
    private void upgradeUntilItIsWatched() throws IOException {
        appliance.close();
        appliance = start("30s");
        Path jar = version("0.1.1");
        Thread.ofVirtual().start(() -> {
            try {
                appliance.upload("/v1/bundles", jar);
            } catch (UncheckedIOException ended) {
                assertThat(ended).isNotNull();
            }
        });
        Await.until("the version is watched", Duration.ofSeconds(20), () -> bundles().contains("\"baking\""));
    }

    @Test
    void killedWhileAVersionIsWatchedTheOldOneServes() throws IOException {
        upgradeUntilItIsWatched();

        kill();

        appliance = start("200ms");
        assertThat(bundles()).doesNotContain("\"0.1.1\"").contains("\"" + TLS + "\",\"version\":\"0.1.0.SNAPSHOT\"");
        assertThat(routes()).isTrue();
    }

    @Test
    void stoppedWhileAVersionIsWatchedTheOldOneServesAndTheStopIsInOrder() throws IOException {
        upgradeUntilItIsWatched();

        appliance.process().destroy();

        assertThat(appliance.awaitExit()).isZero();
        assertThat(appliance.errors()).doesNotContain("Exception");
        appliance = start("200ms");
        assertThat(bundles()).doesNotContain("\"0.1.1\"").contains("\"" + TLS + "\",\"version\":\"0.1.0.SNAPSHOT\"");
        assertThat(routes()).isTrue();
    }

    /** Each round kills a little later, so that every step is met somewhere. */
    @Test
    void killedAtAnyTimeTheOldOrTheNewServesAndNeverBoth() throws Exception {
        for (int round = 1; round <= 6; round++) {
            Path jar = version("0.1." + round);
            Appliance victim = appliance;
            Thread upgrade = Thread.ofVirtual().start(() -> {
                try {
                    victim.upload("/v1/bundles", jar);
                } catch (UncheckedIOException killed) {
                    assertThat(killed).isNotNull();
                }
            });
            assertThat(upgrade.join(Duration.ofMillis(60L * round))).isIn(true, false);

            kill();

            appliance = start("200ms");
            String listed = bundles();
            assertThat(listed.split("\"name\":\"" + TLS + "\"", -1)).hasSize(2);
            assertThat(routes()).isTrue();
        }
    }

    /** Killed as soon as the jar is moved aside, or when its version is watched. */
    @Test
    void killedWhileAJarOfTheFolderIsTriedTheOldOneServesAndTheJarIsRefused() throws IOException {
        appliance.close();
        appliance = start("30s");
        Path inbox = home.resolve("state/deploy");
        for (int round = 1; round <= 2; round++) {
            boolean atOnce = round == 1;
            Path trying = inbox.resolve("tls-" + round + ".jar.trying");
            Files.move(Files.copy(version("0.2." + round), inbox.resolve(".tls.jar")), inbox.resolve("tls-" + round + ".jar"));
            Await.until("the jar is tried", Duration.ofSeconds(30),
                () -> Files.exists(trying) && (atOnce || bundles().contains("\"baking\"")));

            kill();

            appliance = start("30s");
            assertThat(bundles().split("\"name\":\"" + TLS + "\"", -1)).hasSize(2);
            assertThat(bundles()).contains("\"" + TLS + "\",\"version\":\"0.1.0.SNAPSHOT\"");
            assertThat(trying).doesNotExist();
            assertThat(inbox.resolve("tls-" + round + ".jar.refused")).exists();
            assertThat(routes()).isTrue();
        }
    }

    @Test
    void pinnedRuleStaysOnItsVersionAlsoAfterARestart() throws IOException {
        String old = "0.1.0.SNAPSHOT";
        assertThat(appliance.post("/v1/pins", "{\"rule\":\"raw\",\"bundle\":\"flow.tls\",\"version\":\"" + old + "\"}").statusCode()).isEqualTo(200);
        assertThat(upgrade("0.1.1").statusCode()).isEqualTo(200);

        assertThat(readBy(old)).isTrue();
        appliance.close();
        appliance = start("200ms");
        assertThat(bundles()).contains("\"pinned\"").contains("\"0.1.1\"");
        assertThat(readBy(old)).isTrue();

        assertThat(appliance.delete("/v1/pins?rule=raw").statusCode()).isLessThan(300);
        Await.until("the old version goes", Duration.ofSeconds(20), () -> !bundles().contains("\"" + TLS + "\",\"version\":\"" + old + "\""));
        assertThat(readBy("0.1.1")).isTrue();
    }

    /** Whether the next connection's ClientHello is read by a version. */
    private boolean readBy(String version) throws IOException {
        long before = appliance.accessLog().lines().count();
        assertThat(routes()).isTrue();
        Await.until("its record is there", Duration.ofSeconds(10), () -> appliance.accessLog().lines().count() > before);
        return appliance.accessLog().lines().skip(before).anyMatch(l -> l.contains("\"flow.tls\":\"" + version + "\""));
    }

    @Test
    void damagedJarGivesWayToTheDistribution() throws IOException {
        assertThat(upgrade("0.1.1").statusCode()).isEqualTo(200);
        appliance.close();
        Files.write(home.resolve("state/jars/" + TLS + "-0.1.1.jar"), new byte[] {1, 2, 3});

        appliance = start("200ms");

        Await.until("it is said", Duration.ofSeconds(10), () -> appliance.errors().contains("generation.dropped"));
        assertThat(bundles()).doesNotContain("\"0.1.1\"");
        assertThat(routes()).isTrue();
    }
}
