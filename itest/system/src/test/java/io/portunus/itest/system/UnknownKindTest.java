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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A rule whose kind nobody recognises, a mistake as a rule, takes nothing itself and costs the others of its port nothing. */
@Timeout(180)
class UnknownKindTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final byte[] SSH = "SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MQTT = "\u0010\u000f\0\4MQTT\5\2\0\74\0\0\3abc".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path directory = Path.of(".");
    private final int port = Ports.free();
    private Backend ssh;
    private Backend other;
    private String good;

    @BeforeEach
    void start() {
        ssh = Backend.naming("ssh");
        other = Backend.naming("other");
        good = Rules.plain("ssh", port, ssh.port()) + "match = { kind = \"ssh\" }\n" + Rules.named("tls", port, "a.test", ssh.port());
    }

    @AfterEach
    void stop() throws IOException {
        ssh.close();
        other.close();
    }

    private String typo(String kind) {
        return good + Rules.plain("typo", port, other.port()) + "match = { kind = \"" + kind + "\" }\n";
    }

    private String served(byte[] words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(words);
            return Streams.line(socket.getInputStream());
        } catch (IOException refused) {
            return "refused: " + refused.getMessage();
        }
    }

    @Test
    void checkKnowsTheKindsThatAreInstalled() throws IOException {
        Path config = Files.writeString(directory.resolve("typo.toml"), typo("htttp"));

        Appliance.Finished check = Appliance.run(directory, List.of("--config", config.toString(), "--check"));

        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.err()).contains("typo.toml:").contains("rule[2].match.kind").contains("no_handler").contains("did you mean 'http'?");
    }

    @Test
    void reloadReportsItAndTheOthersOfThePortGoOn() {
        try (Appliance appliance = Appliance.start(directory, good)) {
            assertThat(served(SSH)).isEqualTo("ssh");
            appliance.configure(typo("htttp"));

            HttpResponse<String> reload = appliance.post("/v1/reload");

            Await.until("the rule is there", SOON, () -> appliance.get("/v1/rules").body().contains("\"typo\""));
            assertThat(reload.statusCode()).isEqualTo(200);
            HttpResponse<String> again = appliance.post("/v1/reload");
            assertThat(again.body()).contains("\"no_handler\"").contains("did you mean 'http'?");
            assertThat(appliance.get("/v1/rules").body()).contains("\"reason\":\"no_handler\"");
            Await.until("nobody waits any more", SOON, () -> appliance.get("/readyz").statusCode() == 200);
            assertThat(appliance.get("/readyz").body()).contains("\"degraded\":true").contains("htttp");
            long began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(served(SSH)).isEqualTo("ssh");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(appliance.get("/v1/explain?port=" + port + "&kind=htttp").body()).contains("\"reason\":\"no_handler\"");
            assertThat(appliance.get("/v1/explain?port=" + port + "&kind=ssh").body()).contains("\"rule\":\"ssh\"");
        }
    }

    @Test
    void startServesTheOthers() {
        try (Appliance appliance = Appliance.start(directory, typo("htttp"))) {
            assertThat(served(SSH)).isEqualTo("ssh");
            Await.until("it is told", SOON, () -> appliance.errors().contains("inspector.missing"));
            assertThat(appliance.get("/v1/rules").body()).contains("\"reason\":\"no_handler\"");
        }
    }

    @Test
    void ruleTakesConnectionsAsSoonAsItsKindIsDeployed() throws IOException {
        try (Appliance appliance = Appliance.start(directory, typo("mqtt"))) {
            Path jar = SampleBundle.build(directory, "1.0.0");
            Path inbox = directory.resolve("state/deploy");
            Files.move(Files.copy(jar, inbox.resolve(".mqtt.jar")), inbox.resolve("mqtt.jar"));

            Await.until("it is served", SOON, () -> served(MQTT).equals("other"));

            Await.until("nothing is missing", SOON, () -> appliance.get("/readyz").body().contains("\"degraded\":false"));
            assertThat(appliance.get("/v1/rules").body().toLowerCase(Locale.ROOT)).doesNotContain("no_handler");
        }
    }
}
