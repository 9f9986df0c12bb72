// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import io.portunus.itest.testkit.TlsBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle of another vendor that offers what one of ours does: who serves is decided, under traffic of which nothing is lost. */
@Timeout(240)
class SecondVendorTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String OTHER = "com.other.tls";
    private static final String OURS = "io.portunus.flow.tls";
    private static final String QUIC = "OSGI-INF/io.portunus.flow.tls.QuicInspector.xml";
    private static final int STREAMS = 20;

    private final int port = Ports.free();
    private Path home;
    private Backend backend;
    private Backend secured;
    private Appliance appliance;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backend = Backend.naming("raw");
        secured = TlsBackend.naming(directory, "a");
        appliance = start();
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        backend.close();
        secured.close();
    }

    private Appliance start() {
        return Appliance.start(home, rules());
    }

    private String rules() {
        return Rules.named("raw", port, "raw.test", backend.port()) + Rules.named("a", port, "a.test", secured.port())
            + "[deploy]\nbake = \"200ms\"\n";
    }

    /** Ours under the name of another, so that it does its work well, but without the inspector of QUIC. */
    private Path other(String version, String provides) {
        Path own = BundleJar.without(Distribution.bundle("flow.tls"), version, home.resolve("without"), QUIC);
        return BundleJar.changed(own, version, home.resolve("other"), headers -> {
            headers.putValue("Bundle-SymbolicName", OTHER);
            headers.putValue("Portunus-Provides", provides);
            headers.putValue("Service-Component", headers.getValue("Service-Component").replace(QUIC + ",", ""));
            headers.putValue("Provide-Capability", headers.getValue("Provide-Capability").replaceFirst(
                "osgi\\.service;objectClass:List<String>=\"[^\"]*DatagramInspector\";uses:=\"[^\"]*\",", ""));
        });
    }

    private Path other(String version) {
        return other(version, "inspector;kind=tls");
    }

    private Path ours(String version) {
        return BundleJar.versioned(Distribution.bundle("flow.tls"), version, home.resolve("ours"));
    }

    private String upgrade(Path jar, String query) {
        return appliance.upload("/v1/bundles" + query, jar).body();
    }

    private Socket secured() throws IOException {
        SSLSocket socket = (SSLSocket) TlsBackend.trustingClient().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("a.test")));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private Socket named() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(ClientHellos.named("raw.test"));
        return socket;
    }

    /** What explain, the listing of bundles and the record of the next connection say is one and the same. */
    private void serves(String bundle) throws IOException {
        assertThat(appliance.get("/v1/explain?port=" + port + "&sni=raw.test").body()).contains("\"inspector.tls\":\"" + bundle + " ");
        assertThat(appliance.get("/v1/bundles").body()).containsPattern("\"" + bundle
            + "\",\"version\":[^}]*\"serves\":\\[[^]]*\"inspector.tls\"");
        long before = appliance.accessLog().lines().count();
        try (Socket socket = named()) {
            assertThat(Streams.line(socket.getInputStream())).isEqualTo("raw");
        }
        String key = "\"" + (bundle.equals(OURS) ? "flow.tls" : bundle) + "\":";
        Await.until("a record names " + bundle, SOON,
            () -> appliance.accessLog().lines().skip(before).anyMatch(line -> line.contains(key)));
    }

    @Test
    void kindOfAnotherIsTakenByNameOnlyAndNothingIsLostMeanwhile() throws IOException {
        try (Streams streams = new Streams(Duration.ofMillis(100))) {
            streams.add(STREAMS, "a", this::secured);
            Await.until("the streams are open", SOON, () -> streams.open() == STREAMS);
            Arrivals arrivals = new Arrivals(50, List.of(new Arrivals.Caller(port, "raw", ClientHellos.named("raw.test"))));
            try (arrivals) {
                refused();
                assertThat(upgrade(ours("0.1.1"), "")).contains("\"done\":true");
                serves(OURS);
                assertThat(upgrade(other("1.0.0"), "?replaces=flow.tls")).contains("\"done\":true", "com.other.tls serves inspector.tls now");
                serves(OTHER);
                assertThat(upgrade(ours("0.1.2"), "")).contains("\"done\":true", "stays with com.other.tls");
                assertThat(upgrade(other("1.1.0"), "")).contains("\"done\":true");
                assertThat(appliance.post("/v1/bundles/" + OTHER + "/rollback").body()).contains("\"done\":true", "\"to\":\"1.0.0\"");
                assertThat(appliance.post("/v1/bundles/" + OURS + "/rollback").body()).contains("\"done\":true");
                serves(OTHER);
                assertThat(appliance.delete("/v1/bundles/" + OTHER).body()).contains("\"done\":true", OURS + " serves inspector.tls now");
                serves(OURS);
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
            assertThat(arrivals.failures()).isEmpty();
            assertThat(arrivals.served()).isNotEmpty();
            assertThat(streams.failures()).isEmpty();
            assertThat(streams.open()).isEqualTo(STREAMS);
        }
    }

    private void refused() throws IOException {
        var answer = appliance.upload("/v1/bundles", other("1.0.0"));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("kind_taken", "\"path\":\"inspector.tls\"", OURS, "--replaces");
        Path dropped = home.resolve("state/deploy/other.jar");
        Files.copy(other("1.0.0"), dropped);
        Await.until("the jar in the folder is refused", SOON, () -> Files.exists(dropped.resolveSibling("other.jar.refused.txt")));
        assertThat(dropped.resolveSibling("other.jar.refused.txt")).content().contains("kind_taken");
        assertThat(appliance.get("/v1/bundles").body()).doesNotContain(OTHER);
        serves(OURS);
    }

    @Test
    void decisionOutlivesRestartsAndAnUpgradeOfEither() throws IOException {
        assertThat(upgrade(ours("0.1.1"), "")).contains("\"done\":true");
        assertThat(upgrade(other("1.0.0"), "?replaces=" + OURS)).contains("\"done\":true");
        for (int restart = 0; restart < 2; restart++) {
            appliance.process().destroyForcibly();
            appliance.awaitExit();
            appliance = start();
            serves(OTHER);
        }
        assertThat(upgrade(ours("0.1.2"), "")).contains("\"done\":true");
        appliance.close();
        appliance = start();
        serves(OTHER);

        assertThat(upgrade(ours("0.1.3"), "?replaces=" + OTHER)).contains("\"done\":true");
        appliance.close();
        appliance = start();
        serves(OURS);
    }

    /** From the first connection that the node accepts: no rule is in force before what was deployed runs. */
    @Test
    void firstClientsOfAStartAreServedByWhatWasDeployed() throws IOException {
        assertThat(upgrade(ours("0.1.1"), "")).contains("\"done\":true");
        assertThat(upgrade(other("1.0.0"), "?replaces=" + OURS)).contains("\"done\":true");
        appliance.process().destroyForcibly();
        appliance.awaitExit();

        appliance = Appliance.launch(home, rules());
        try (Socket first = connected()) {
            first.setSoTimeout(10_000);
            first.getOutputStream().write(ClientHellos.named("raw.test"));
            assertThat(Streams.line(first.getInputStream())).isEqualTo("raw");
        }
        appliance.awaitReady();
        serves(OTHER);
    }

    private Socket connected() {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException refused) {
                assertThat(System.nanoTime()).describedAs("%s", refused).isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void whatIsNotDeclaredOrNotThereIsRefusedInWordsBeforeItIsInstalled() {
        assertThat(upgrade(other("1.0.0", "policy;kind=tls"), "")).contains("kind_undeclared", "Portunus-Provides: inspector;kind=");
        Path dynamic = BundleJar.changed(other("1.0.1"), "1.0.2", home.resolve("dynamic"),
            headers -> headers.putValue("DynamicImport-Package", "*"));
        assertThat(upgrade(dynamic, "?replaces=flow.tls")).contains("dynamic_imports");
        Path newer = BundleJar.changed(other("1.0.1"), "1.0.3", home.resolve("newer"), headers -> headers.putValue("Import-Package",
            "io.portunus.flow.spi;version=\"[2.0,3)\",com.example.missing;version=1.0"));
        assertThat(upgrade(newer, "?replaces=flow.tls")).contains("needs io.portunus.flow.spi [2.0,3), this node has 1.0.",
            "needs the package com.example.missing, which no bundle of this node exports");
        assertThat(appliance.get("/v1/bundles").body()).doesNotContain(OTHER);
    }
}
