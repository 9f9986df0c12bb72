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
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jars that fail, each at another step: nothing changes, the reason is said, and the connections that are open notice nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BadBundleTest {
    private static final int OPEN = 20;
    private static final Path TCP = Distribution.bundle("flow.tcp");

    private final int port = Ports.free();
    private Path work;
    private Backend backend;
    private Appliance appliance;
    private Streams streams;

    @BeforeAll
    void start(@TempDir Path directory) {
        work = directory;
        backend = Backend.naming("plain");
        appliance = Appliance.start(directory, Rules.plain("plain", port, backend.port()) + "[deploy]\nbake = \"6s\"\n");
        streams = new Streams(Duration.ofMillis(100));
        streams.add(OPEN, "plain", this::dial);
        Await.until("the streams are open", Duration.ofSeconds(20), () -> streams.open() == OPEN);
    }

    @AfterAll
    void stop() throws IOException {
        streams.close();
        appliance.close();
        backend.close();
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private void nothingChanged() throws IOException {
        try (Socket socket = dial()) {
            assertThat(Streams.line(socket.getInputStream())).isEqualTo("plain");
        }
        assertThat(streams.failures()).isEmpty();
        assertThat(streams.open()).isEqualTo(OPEN);
        assertThat(appliance.get("/readyz").statusCode()).isEqualTo(200);
    }

    static Stream<Arguments> jars() {
        return Stream.of(
            bad("truncated", "bundle_unreadable", dir -> BundleJar.truncated(TCP, 10_000, dir)),
            bad("needs what is not there", "bundle_unresolved", dir -> BundleJar.changed(TCP, "0.1.101", dir,
                headers -> headers.putValue("Import-Package", headers.getValue("Import-Package") + ",com.example.missing"))),
            bad("exports", "bundle_exports", dir -> BundleJar.changed(TCP, "0.1.102", dir,
                headers -> headers.putValue("Export-Package", "io.portunus.flow.tcp"))),
            bad("older", "not_newer", dir -> BundleJar.versioned(TCP, "0.0.9", dir)),
            bad("the same", "not_newer", dir -> TCP),
            bad("check says no", "self_check_failed", dir -> MadeBundle.check("0.1.103",
                "return List.of(Problem.of(SelfCheck.FAILED, \"\", \"as the test wants\"));").jar(dir)),
            bad("check throws", "self_check_failed", dir -> MadeBundle.check("0.1.104", "throw new IllegalStateException(\"boo\");").jar(dir)),
            bad("check hangs", "self_check_failed", dir -> MadeBundle.check("0.1.105",
                "while (true) { java.util.concurrent.locks.LockSupport.park(); }").jar(dir)),
            bad("contract", "needs_restart", dir -> BundleJar.versioned(Distribution.bundle("flow.api"), "0.9.0", dir)),
            bad("engine", "needs_restart", dir -> BundleJar.versioned(Distribution.bundle("flow.engine"), "0.9.0", dir)));
    }

    private static Arguments bad(String name, String code, Function<Path, Path> jar) {
        return Arguments.of(name, code, jar);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jars")
    void isRefusedAndChangesNothing(String name, String code, Function<Path, Path> jar) throws IOException {
        HttpResponse<String> answer = appliance.upload("/v1/bundles", jar.apply(work.resolve("jars-" + code + name.hashCode())));

        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.body()).contains(code);
        nothingChanged();
    }

    static Stream<Arguments> handlers() {
        return Stream.of(Arguments.of("throws", "0.1.201", "throw new IllegalStateException(\"as the test wants\");"),
            Arguments.of("throws a link error", "0.1.202", "throw new NoClassDefFoundError(\"as/the/test/Wants\");"),
            Arguments.of("never answers", "0.1.203", "return;"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handlers")
    void handlerThatMisbehavesIsTakenBackByItself(String name, String version, String accepted) throws Exception {
        Path jar = MadeBundle.handler(version, accepted).jar(work);
        Thread caller = Thread.ofVirtual().unstarted(() -> callUntilInterrupted());
        caller.start();
        HttpResponse<String> answer = appliance.upload("/v1/bundles", jar);
        caller.interrupt();
        caller.join();

        assertThat(answer.body()).contains("bake_failed").contains("\"done\":false");
        nothingChanged();
        Await.until("the version is gone", Duration.ofSeconds(20), () -> !appliance.get("/v1/bundles").body().contains("\"" + version + "\""));
    }

    /** What comes to the handler while it is watched. */
    private void callUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            try (Socket socket = dial()) {
                socket.setSoTimeout(500);
                socket.getInputStream().read();
            } catch (IOException expected) {
                // The handler is as bad as it should be.
            }
        }
    }

    @Test
    void impactNamesWhatAnUpgradeWouldTouch() {
        assertThat(appliance.get("/v1/bundles/io.portunus.flow.tcp/impact").body()).contains("\"live\":true").contains("\"flows\":" + OPEN);
        assertThat(appliance.get("/v1/bundles/io.portunus.flow.api/impact").body()).contains("\"live\":false").contains("io.portunus.flow.engine");
    }
}
