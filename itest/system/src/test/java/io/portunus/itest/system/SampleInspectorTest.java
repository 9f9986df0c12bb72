// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle of one's own, from its source to its end: built, dropped into the folder, used by a rule, upgraded, removed. */
@Timeout(180)
class SampleInspectorTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final byte[] CONNECT = "\u0010\u000f\0\4MQTT\5\2\0\74\0\0\3abc".getBytes(StandardCharsets.ISO_8859_1);

    private final int port = Ports.free();
    private Path directory;
    private Backend broker;
    private Backend tls;
    private String others;
    private Appliance appliance;

    private Socket connect(byte[] words) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(words);
        return socket;
    }

    private String answer(byte[] words) throws IOException {
        try (Socket socket = connect(words)) {
            InputStream in = socket.getInputStream();
            String name = Streams.line(in);
            return name + " " + new String(in.readNBytes(words.length), StandardCharsets.ISO_8859_1);
        }
    }

    @BeforeEach
    void start(@TempDir Path home) {
        directory = home;
        broker = Backend.naming("broker");
        tls = Backend.naming("tls");
        others = Rules.named("tls", port, "a.test", tls.port()) + "[deploy]\nbake = \"500ms\"\n";
        appliance = Appliance.start(home, others);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        broker.close();
        tls.close();
    }

    @Test
    void livesThroughDeploymentUseUpgradeAndRemoval() throws IOException {
        Path first = SampleBundle.build(directory, "1.0.0");
        Path second = SampleBundle.build(directory, "1.1.0");

        String rules = Rules.plain("mqtt", port, broker.port()) + "match = { kind = \"mqtt\" }\n" + others;
        assertThat(reload(rules + "[mqtt]\nlevels = [\"5\"]\n")).contains("\"code\":\"unknown_key\",\"path\":\"mqtt\"");
        dropIntoTheFolder(first, directory.resolve("state/deploy"));
        useByARule(rules);
        configureByATable(rules);
        upgradeUnderAConnection(second);
        remove(others);
    }

    private void dropIntoTheFolder(Path jar, Path inbox) throws IOException {
        Files.move(Files.copy(jar, inbox.resolve(".mqtt.jar")), inbox.resolve("mqtt.jar"));
        Await.until("the bundle runs", SOON, () -> bundles().contains("com.example.mqtt"));
        Await.until("the jar is taken", SOON, () -> Files.notExists(inbox.resolve("mqtt.jar")) && Files.notExists(inbox.resolve("mqtt.jar.trying")));
    }

    private void useByARule(String toml) throws IOException {
        appliance.configure(toml);
        Await.until("the rule is in force", SOON, () -> appliance.get("/v1/rules").body().contains("\"mqtt\""));
        assertThat(appliance.get("/metrics").body()).containsPattern("reason=\"mqtt\\.level_not_wanted\"} 0\\.0");
        assertThat(answer(CONNECT)).isEqualTo("broker " + new String(CONNECT, StandardCharsets.ISO_8859_1));
        assertThat(answer(ClientHellos.named("a.test"))).startsWith("tls ");
        try (Socket neither = connect("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(neither.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** The bundle's own table: read, bounded and pushed by what the bundle declares, live, and taken away with it. */
    private void configureByATable(String toml) throws IOException {
        assertThat(reload(toml + "[mqtt]\nlevels = [\"6\"]\n")).contains("\"code\":\"invalid_value\",\"path\":\"mqtt.levels[0]\"");
        assertThat(reload(toml + "[mqtt]\nlevel = [\"4\"]\n")).contains("\"path\":\"mqtt.level\"", "did you mean 'levels'?");
        assertThat(reload(toml + "[mqtt]\nlevels = [\"3\", \"4\"]\n")).contains("\"settings\":[\"mqtt\"]");
        Await.until("level 5 is refused", SOON, () -> !taken());
        Await.until("its own reason is counted", SOON, () -> appliance.get("/metrics").body().lines()
            .anyMatch(line -> line.contains("reason=\"mqtt.level_not_wanted\"") && !line.endsWith(" 0.0")));
        Path file = Files.writeString(directory.resolve("checked.toml"), toml + "[mqtt]\nlevels = [\"3\", \"4\"]\n");
        assertThat(Appliance.run(directory, List.of("--check", "--config", file.toString(), "--state-dir",
            directory.resolve("state").toString())).exitCode()).isZero();
        assertThat(reload(toml)).contains("\"settings\":[\"mqtt\"]");
        Await.until("level 5 is taken", SOON, this::taken);
    }

    private boolean taken() {
        try {
            return answer(CONNECT).startsWith("broker ");
        } catch (IOException ended) {
            return false;
        }
    }

    private String reload(String toml) {
        appliance.configure(toml);
        return appliance.post("/v1/reload").body();
    }

    private void upgradeUnderAConnection(Path jar) throws IOException {
        try (Socket open = connect(CONNECT)) {
            InputStream in = open.getInputStream();
            assertThat(Streams.line(in)).isEqualTo("broker");
            in.readNBytes(CONNECT.length);
            assertThat(appliance.upload("/v1/bundles", jar).body()).contains("\"done\":true").contains("\"from\":\"1.0.0\"")
                .contains("\"to\":\"1.1.0\"").contains("state");
            open.getOutputStream().write('x');
            assertThat(in.read()).isEqualTo('x');
        }
        assertThat(answer(CONNECT)).startsWith("broker ");
        Await.until("the first version is gone", SOON, () -> !bundles().contains("\"version\":\"1.0.0\""));
    }

    private void remove(String toml) throws IOException {
        assertThat(appliance.delete("/v1/bundles/com.example.mqtt").body()).contains("needed_by_rules", "inspector.mqtt", "'mqtt'");
        assertThat(answer(CONNECT)).startsWith("broker ");
        appliance.configure(toml);
        Await.until("the rule is gone", SOON, () -> !appliance.get("/v1/rules").body().contains("\"mqtt\""));
        assertThat(appliance.delete("/v1/bundles/com.example.mqtt").body()).contains("\"done\":true");
        Await.until("the bundle is gone", SOON, () -> !bundles().contains("com.example.mqtt"));
        assertThat(answer(ClientHellos.named("a.test"))).startsWith("tls ");
    }

    private String bundles() {
        return appliance.get("/v1/bundles").body();
    }
}
