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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can say of an upgrade: who must have signed it, how long old connections may stay, and that it shall be undone. */
@Timeout(120)
class UpgradeOptionsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String TCP = "io.portunus.flow.tcp";

    private final int port = Ports.free();
    private final List<Socket> open = new ArrayList<>();
    private Path home;
    private Backend backend;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backend = Backend.naming("plain");
        appliance = start("bake = \"100ms\"");
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        appliance.close();
        backend.close();
    }

    private Appliance start(String deploy) {
        return Appliance.start(home, Rules.plain("plain", port, backend.port()) + "[deploy]\n" + deploy + "\n");
    }

    private Socket stream() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(socket);
        socket.setSoTimeout(10_000);
        assertThat(Streams.line(socket.getInputStream())).isEqualTo("plain");
        return socket;
    }

    private static boolean echoes(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x';
        } catch (IOException over) {
            return false;
        }
    }

    private Path version(String number) {
        return BundleJar.versioned(Distribution.bundle("flow.tcp"), number, home.resolve("jars"));
    }

    private HttpResponse<String> upgrade(String number, String query) {
        return appliance.upload("/v1/bundles" + query, version(number));
    }

    private boolean listed(String number) {
        return appliance.get("/v1/bundles").body().contains("\"" + TCP + "\",\"version\":\"" + number + "\"");
    }

    private void done(HttpResponse<String> answer) {
        assertThat(answer.body()).contains("\"done\":true");
    }

    @Test
    void drainEndsWhoStaysTooLong() throws IOException {
        Socket straggler = stream();

        done(upgrade("0.1.1", "?drain=1s"));

        assertThat(echoes(straggler)).isTrue();
        Await.until("the straggler is ended", SOON, () -> !echoes(straggler));
        Await.until("its version is gone", SOON, () -> !listed("0.1.0.SNAPSHOT"));
        Await.until("its record says why", SOON, () -> appliance.accessLog().contains("\"drained\""));
        assertThat(echoes(stream())).isTrue();
    }

    @Test
    void noMoreVersionsLiveThanMay() throws IOException {
        stream();
        done(upgrade("0.1.1", ""));
        stream();
        done(upgrade("0.1.2", ""));
        stream();

        HttpResponse<String> fourth = upgrade("0.1.3", "");

        assertThat(fourth.statusCode()).isEqualTo(422);
        assertThat(fourth.body()).contains("too_many_versions").contains("0.1.1");
        assertThat(open).allMatch(UpgradeOptionsTest::echoes);
    }

    @Test
    void rollBackGoesToAVersionThatStillDrainsWithoutInstallingItAgain() throws IOException {
        Socket old = stream();
        done(upgrade("0.1.1", ""));
        Socket newer = stream();

        HttpResponse<String> back = appliance.post("/v1/bundles/flow.tcp/rollback");

        done(back);
        assertThat(back.body()).doesNotContain("Installed").contains("\"to\":\"0.1.0.SNAPSHOT\"");
        assertThat(echoes(old)).isTrue();
        assertThat(echoes(newer)).isTrue();
        newer.close();
        Await.until("the newer version goes with its last flow", SOON, () -> !listed("0.1.1"));
        assertThat(echoes(old)).isTrue();
    }

    @Test
    void rollBackEndsTheWatch() throws Exception {
        appliance.close();
        appliance = start("bake = \"60s\"");
        CompletableFuture<HttpResponse<String>> upgrade = CompletableFuture.supplyAsync(() -> upgrade("0.1.1", ""));
        Await.until("the version is watched", SOON, () -> appliance.get("/v1/bundles").body().contains("\"baking\""));
        assertThat(appliance.upload("/v1/bundles", version("0.1.2")).statusCode()).isEqualTo(409);

        done(appliance.post("/v1/bundles/flow.tcp/rollback"));

        assertThat(upgrade.get(20, TimeUnit.SECONDS).body()).contains("\"done\":false").contains("bake_failed");
        Await.until("the version is gone", SOON, () -> !listed("0.1.1"));
        assertThat(echoes(stream())).isTrue();
    }

    @Test
    void onlyWhoIsTrustedMaySign() {
        Path store = home.resolve("signer.p12");
        Path certificate = home.resolve("signer.pem");
        List<String> access = List.of("-keystore", store.toString(), "-storepass", "changeit");
        jdk("keytool", access, "-genkeypair", "-alias", "signer", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=Release", "-validity",
            "30");
        jdk("keytool", access, "-exportcert", "-rfc", "-alias", "signer", "-file", certificate.toString());
        Path signed = version("0.1.2");
        jdk("jarsigner", access, signed.toString(), "signer");
        appliance.close();
        appliance = start("bake = \"100ms\"\nrequire_signed = true\nsigners = [\"" + certificate + "\"]");

        HttpResponse<String> refused = upgrade("0.1.1", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("bundle_unsigned");
        done(appliance.upload("/v1/bundles", signed));
        assertThat(appliance.get("/v1/bundles").body()).contains("CN=Release");
    }

    @Test
    void whoIsNotTrustedAnyMoreIsLeftOutAtTheStartAndNoRollBackGoesThere() throws IOException {
        done(upgrade("0.1.1", ""));
        Path store = home.resolve("signer.p12");
        Path certificate = home.resolve("signer.pem");
        List<String> access = List.of("-keystore", store.toString(), "-storepass", "changeit");
        jdk("keytool", access, "-genkeypair", "-alias", "signer", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=Release", "-validity",
            "30");
        jdk("keytool", access, "-exportcert", "-rfc", "-alias", "signer", "-file", certificate.toString());
        Path signed = version("0.1.2");
        jdk("jarsigner", access, signed.toString(), "signer");
        done(appliance.upload("/v1/bundles", signed));
        appliance.close();

        appliance = start("bake = \"100ms\"\nrequire_signed = true\nsigners = [\"" + certificate + " for io.portunus.*\"]");

        assertThat(listed("0.1.2")).isTrue();
        assertThat(echoes(stream())).isTrue();
        HttpResponse<String> back = appliance.post("/v1/bundles/flow.tcp/rollback");
        done(back);
        assertThat(back.body()).contains("0.1.1 is passed over: it is not trusted").contains("\"to\":\"0.1.0.SNAPSHOT\"");
        done(appliance.upload("/v1/bundles", signed));
        appliance.close();

        appliance = start("bake = \"100ms\"\nrequire_signed = true\nsigners = [\"" + certificate + " for com.acme.*\"]");

        assertThat(listed("0.1.2")).isFalse();
        assertThat(listed("0.1.0.SNAPSHOT")).isTrue();
        assertThat(echoes(stream())).isTrue();
        assertThat(appliance.errors()).contains("bundle.left_out", "CN=Release, who signed it, may not sign io.portunus.flow.tcp");
        assertThat(appliance.get("/readyz").body()).contains("degraded", "0.1.2 was left out at the start");
        assertThat(appliance.get("/v1/bundles").body()).contains("0.1.2 was left out at the start");
        assertThat(upgrade("0.1.3", "").body()).contains("bundle_unsigned");
    }

    private static void jdk(String tool, List<String> access, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        // jarsigner requires its operands last, keytool does not mind its command there.
        command.addAll(access);
        command.addAll(List.of(arguments));
        Tool.Said said = Tool.run("", command);
        assertThat(said.exitCode()).as(said.text()).isZero();
    }
}
