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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the archive ships for authors, unpacked far from this checkout: projects are made and built with it alone, and what they make serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class SdkTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ARRIVALS_PER_SECOND = 20;

    private final int port = Ports.free();
    private Path work = Path.of(".");
    private Path sdk = work;
    private AuthorsMaven maven;
    private Backend backend;

    @BeforeAll
    void unpack(@TempDir Path directory) throws IOException {
        work = directory;
        Path archive = Distribution.home().resolveSibling(Distribution.home().getFileName() + ".tar.gz");
        assertThat(Tool.run("", List.of("tar", "-xzf", archive.toString(), "-C", work.toString(), Distribution.home().getFileName() + "/sdk"))
            .exitCode()).isZero();
        Path portunus = work.resolve(Distribution.home().getFileName());
        sdk = portunus.resolve("sdk");
        maven = new AuthorsMaven(portunus);
        backend = Backend.naming("plain");
    }

    @AfterAll
    void stop() throws IOException {
        backend.close();
    }

    private Path project(String archetype, String name, String prefix) {
        maven.run(work, "-f", sdk.toString(), "archetype:generate", "-DarchetypeArtifactId=" + archetype, "-DgroupId=com.acme",
            "-DartifactId=" + name, "-Dkind=" + name, "-Dprefix=" + prefix, "-DinteractiveMode=false");
        return work.resolve(name);
    }

    /** Its own test is one of those that every implementation of the contract passes, and was run. */
    private Path jar(Path project, String version, String test) throws IOException {
        maven.run(project, "-Drevision=" + version, "verify");
        assertThat(Files.readString(project.resolve("target/surefire-reports/" + test + ".txt"))).contains("Failures: 0, Errors: 0, Skipped: 0");
        return project.resolve("target/" + project.getFileName() + "-" + version + ".jar");
    }

    private String toml() {
        return Rules.plain("plain", port, backend.port()) + "[deploy]\nbake = \"2s\"\n";
    }

    /** Part of a test. */
    @FunctionalInterface
    private interface Part {
        void run() throws IOException;
    }

    /** Those who come all the time go where they went before, whatever is deployed meanwhile. */
    private void whileOthersCome(Part part) throws IOException {
        Arrivals arrivals = new Arrivals(ARRIVALS_PER_SECOND,
            List.of(new Arrivals.Caller(port, "plain", "anybody there?".getBytes(StandardCharsets.US_ASCII))));
        try (arrivals) {
            part.run();
        }
        assertThat(arrivals.failures()).isEmpty();
        assertThat(arrivals.served()).isNotEmpty();
    }

    @Test
    void anInspectorMadeByTheArchetypeServesUnderTraffic() throws IOException {
        Path project = project("inspector-archetype", "greet", "Greet");
        Path first = jar(project, "1.0.0", "com.acme.GreetInspectorTest");
        Path second = jar(project, "1.1.0", "com.acme.GreetInspectorTest");

        int own = Ports.free();
        try (Backend greeter = Backend.naming("greeter"); Appliance appliance = Appliance.start(work.resolve("greeting"), toml())) {
            whileOthersCome(() -> {
                assertThat(appliance.upload("/v1/bundles", first).body()).contains("\"done\":true");
                appliance.configure(toml() + Rules.plain("greeter", own, greeter.port()) + "match = { kind = \"greet\" }\n");
                assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
                assertThat(named(own, "greet everybody")).isEqualTo("greeter");
                assertThat(appliance.upload("/v1/bundles", second).body()).contains("\"done\":true", "\"to\":\"1.1.0\"");
                assertThat(named(own, "greet everybody")).isEqualTo("greeter");
                assertThat(named(own, "something else")).isEmpty();
            });
        }
    }

    @Test
    void aPolicyMadeByTheArchetypeCountsUnderTrafficOverAnUpgrade() throws IOException {
        Path project = project("policy-archetype", "seats", "Seats");
        Path first = jar(project, "1.0.0", "com.acme.SeatsPolicyTest");
        Path second = jar(project, "1.1.0", "com.acme.SeatsPolicyTest");

        int own = Ports.free();
        try (Appliance appliance = Appliance.start(work.resolve("seating"), toml())) {
            whileOthersCome(() -> {
                assertThat(appliance.upload("/v1/bundles", first).body()).contains("\"done\":true");
                appliance.configure(toml() + Rules.plain("limited", own, backend.port()) + "policies.seats = { flows = 1 }\n");
                assertThat(appliance.post("/v1/reload").body()).contains("\"problems\":[]");
                try (Socket one = new Socket(InetAddress.getLoopbackAddress(), own)) {
                    one.setSoTimeout(10_000);
                    assertThat(Streams.line(one.getInputStream())).isEqualTo("plain");
                    assertThat(appliance.upload("/v1/bundles", second).body()).contains("\"done\":true", "\"to\":\"1.1.0\"");
                    assertThat(named(own, "x")).as("the one place is taken").isEmpty();
                }
                Await.until("the place is free again", SOON, () -> named(own, "x").equals("plain"));
                Await.until("its record has the reason", SOON, () -> appliance.accessLog().contains("\"seats.rule_full\""));
            });
        }
    }

    @Test
    void theSamplesPassTheirTests() throws IOException {
        assertThat(jar(SampleBundle.copy(sdk.resolve("samples/inspector"), work.resolve("mqtt")), "2.0.0", "com.example.mqtt.MqttInspectorTest"))
            .exists();
        assertThat(jar(SampleBundle.copy(sdk.resolve("samples/policy"), work.resolve("crowd")), "2.0.0", "com.example.crowd.CrowdPolicyTest"))
            .exists();
    }

    @Test
    void everyContractHasItsSourcesAndItsJavadoc() throws IOException {
        List<String> jars;
        try (Stream<Path> files = Files.walk(sdk.resolve("repository/io/portunus"))) {
            jars = files.map(Path::toString).filter(f -> f.endsWith(".jar")).toList();
        }
        List<String> own = jars.stream().filter(f -> !f.matches(".*(-sources|-javadoc|-archetype-[^/]*)\\.jar")).toList();

        assertThat(own).hasSize(6).allSatisfy(jar -> {
            String beginning = jar.substring(0, jar.length() - ".jar".length());
            assertThat(entries(beginning + "-sources.jar")).anyMatch(e -> e.endsWith("/package-info.java"));
            assertThat(entries(beginning + "-javadoc.jar")).contains("index.html").anyMatch(e -> e.endsWith("/package-summary.html"));
        });
        assertThat(entries(own.stream().filter(f -> f.contains("/contracts-")).findFirst().orElseThrow())).contains(
            "io/portunus/itest/contracts/InspectorContract.class", "io/portunus/itest/contracts/PolicyContract.class",
            "io/portunus/itest/contracts/TransportContract.class", "io/portunus/itest/contracts/StreamContract.class",
            "io/portunus/itest/contracts/StalledLoopContract.class", "io/portunus/itest/contracts/DatagramContract.class",
            "io/portunus/itest/contracts/DatagramSocketContract.class");
    }

    private static List<String> entries(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream().map(e -> e.getName()).toList();
        }
    }

    /** Who answers to these words; nobody: {@code ""}. */
    private static String named(int to, String words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            return Streams.line(socket.getInputStream());
        } catch (IOException refused) {
            return "";
        }
    }
}
