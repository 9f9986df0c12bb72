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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundles that show the node to its operators carry no flows, and are replaced under traffic like those that do. */
@Timeout(600)
class SurfaceUpgradeTest {
    private static final String SHIPPED = "0.1.0.SNAPSHOT";
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Longest that a surface may be away on a machine that is busy with something else; as a rule it is less than a second. */
    private static final Duration LONGEST_AWAY = Duration.ofSeconds(10);
    private static final long ASK_EACH_NANOS = 5_000_000;
    private static final int STREAMS = 50;
    private static final int ARRIVALS_PER_SECOND = 50;
    private static final int UPGRADES = 2;

    private final int plain = Ports.free();
    private final int ssh = Ports.free();
    private Path home;
    private Backend backend;
    private String toml;
    private Appliance appliance;
    private Surfaces surfaces;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backend = Backend.naming("plain");
        toml = Rules.plain("plain", plain, backend.port()) + Surfaces.shell(directory, ssh) + "[deploy]\nbake = \"100ms\"\n";
        begin();
    }

    private void begin() {
        appliance = Appliance.start(home, toml);
        surfaces = new Surfaces(home, ssh, appliance);
        surfaces.byBundle().forEach((bundle, answers) -> Await.until("the surface of " + bundle + " answers", SOON, answers));
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    private Path version(String bundle, String version) {
        return BundleJar.versioned(Distribution.bundle(bundle), version, home.resolve("jars"));
    }

    private void serves(String bundle, String version) {
        Await.until(bundle + " " + version + " is there alone", SOON, () -> {
            String all = listed();
            String name = "\"io.portunus." + bundle + "\",\"version\":\"";
            return all.contains(name + version + "\"") && all.indexOf(name) == all.lastIndexOf(name);
        });
    }

    /** While the surface changes hands its address stands nowhere for a moment. */
    private String listed() {
        try {
            return appliance.get("/v1/bundles").body();
        } catch (UncheckedIOException away) {
            return "";
        }
    }

    private static void done(HttpResponse<String> answer) {
        assertThat(answer.body()).contains("\"done\":true");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    /** Asks again and again; how long it was without an answer at most. */
    private static final class Watch implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong longest = new AtomicLong();
        private final Thread asking;

        Watch(BooleanSupplier answers) {
            asking = Thread.ofPlatform().daemon().start(() -> {
                long last = System.nanoTime();
                while (!over.get()) {
                    boolean answered = answers.getAsBoolean();
                    long now = System.nanoTime();
                    if (answered) {
                        last = now;
                    } else {
                        longest.accumulateAndGet(now - last, Math::max);
                    }
                    LockSupport.parkNanos(ASK_EACH_NANOS);
                }
            });
        }

        Duration away() {
            return Duration.ofNanos(longest.get());
        }

        @Override
        public void close() {
            over.set(true);
            try {
                asking.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin.http", "shell.ssh", "stats.socket", "logging.json"})
    void isUpgradedRolledBackAndRestartedAndNoTrafficIsLost(String bundle) throws IOException {
        Duration away;
        Arrivals arrivals = new Arrivals(ARRIVALS_PER_SECOND,
            List.of(new Arrivals.Caller(plain, "plain", "anybody there?".getBytes(StandardCharsets.US_ASCII))));
        try (Streams streams = new Streams(Duration.ofMillis(20)); arrivals) {
            streams.add(STREAMS, "plain", () -> new Socket(InetAddress.getLoopbackAddress(), plain));
            Await.until("every stream is open", SOON, () -> streams.open() + streams.failures().size() == STREAMS);
            try (Watch watch = new Watch(answers(bundle))) {
                done(appliance.upload("/v1/bundles", version(bundle, "0.1.1")));
                serves(bundle, "0.1.1");
                done(appliance.post("/v1/bundles/" + bundle + "/rollback"));
                serves(bundle, SHIPPED);
                done(appliance.upload("/v1/bundles", version(bundle, "0.1.2")));
                serves(bundle, "0.1.2");
                away = watch.away();
            }
            assertThat(answers(bundle).getAsBoolean()).isTrue();
            assertThat(streams.failures()).isEmpty();
            assertThat(streams.open()).isEqualTo(STREAMS);
        }
        assertThat(arrivals.failures()).isEmpty();
        System.out.printf("%s: away for %d ms at most, lost 0%n", bundle, away.toMillis());
        assertThat(away).isLessThan(LONGEST_AWAY);
        assertThat(appliance.get("/readyz").body()).contains("\"ready\":true", "\"degraded\":false");

        appliance.close();
        begin();
        serves(bundle, "0.1.2");
    }

    private BooleanSupplier answers(String bundle) {
        return Objects.requireNonNull(surfaces.byBundle().get(bundle));
    }

    @ParameterizedTest
    @CsvSource({"admin.http, HealthResource, self_check_failed", "shell.ssh, OwnFamily, start_failed", "stats.socket, Reception, start_failed",
        "metrics.prometheus, EngineFamilies, self_check_failed", "shell, TextTable, self_check_failed",
        "logging.json, JsonFormat, self_check_failed"})
    void aVersionThatCannotServeIsTakenBackAndTheOlderServesAgain(String bundle, String lacking, String code) {
        Path bad = BundleJar.without(Distribution.bundle(bundle), "0.1.1", home.resolve("jars"),
            "io/portunus/" + bundle.replace('.', '/') + "/" + lacking + ".class");

        HttpResponse<String> answer = appliance.upload("/v1/bundles", bad);

        assertThat(answer.body()).contains("\"done\":false", code);
        serves(bundle, SHIPPED);
        Await.until("its surface answers", SOON, answers(bundle));
        assertThat(appliance.get("/readyz").body()).contains("\"ready\":true", "\"degraded\":false");
    }

    @Test
    void theShellThatIsReplacedOverSshGivesItsAnswer() {
        for (String bundle : List.of("shell", "shell.ssh")) {
            Path newer = version(bundle, "0.1.1");
            String answer = surfaces.ssh("portunus:upgrade " + newer);

            assertThat(answer).contains("0.1.1");
            serves(bundle, "0.1.1");
            assertThat(surfaces.ssh("portunus:rollback " + bundle)).contains(SHIPPED);
            serves(bundle, SHIPPED);
        }
    }

    @Test
    void eachRecordIsWrittenOnceAndChangesAreKeptWhileTheLogIsReplaced() {
        appliance.close();
        toml += "[access_log]\nenabled = true\n";
        begin();
        Arrivals arrivals = new Arrivals(ARRIVALS_PER_SECOND,
            List.of(new Arrivals.Caller(plain, "plain", "anybody there?".getBytes(StandardCharsets.US_ASCII))));
        try (arrivals) {
            for (int number = 1; number <= 5; number++) {
                done(appliance.upload("/v1/bundles", version("logging.json", "0.1." + number)));
                serves("logging.json", "0.1." + number);
            }
            done(appliance.post("/v1/bundles/logging.json/rollback"));
            serves("logging.json", "0.1.4");
        }
        assertThat(arrivals.failures()).isEmpty();
        Await.until("every record is written", SOON, () -> ids(appliance.accessLog()).size() >= arrivals.served().size());
        assertThat(ids(appliance.accessLog())).hasSize(arrivals.served().size()).doesNotHaveDuplicates();
        assertThat(appliance.get("/v1/changes").body()).contains("\"0.1.1\"", "\"0.1.5\"");
        assertThat(appliance.errors().lines()).filteredOn(line -> !line.startsWith("{\"timestamp\"")).isEmpty();
    }

    private static List<String> ids(String records) {
        return records.lines().filter(line -> line.endsWith("}")).map(line -> line.replaceFirst(".*\"flow_id\":(\\d+).*", "$1")).toList();
    }

    @Test
    void theHotDeployFolderReplacesTheAdminSurfaceToo() throws IOException {
        Files.createDirectories(home.resolve("state/deploy"));
        Files.move(version("admin.http", "0.1.1"), home.resolve("state/deploy/admin.http-0.1.1.jar"));

        serves("admin.http", "0.1.1");
    }

    @Test
    void manyUpgradesLeaveNothing() {
        Map<String, BooleanSupplier> all = surfaces.byBundle();
        // The first version of each that is replaced may have left something to the libraries, once and for all.
        all.keySet().stream().sorted().forEach(bundle -> swap(bundle, 1));
        int loaders = appliance.bundleLoaders();
        int threads = appliance.threads();
        int descriptors = appliance.descriptors();
        for (String bundle : all.keySet().stream().sorted().toList()) {
            for (int number = 2; number <= UPGRADES + 1; number++) {
                swap(bundle, number);
            }
        }
        Await.until("the loaders of old versions are collected", SOON, () -> appliance.bundleLoaders() <= loaders + 1);
        Await.until("the threads are given back", SOON, () -> appliance.threads() <= threads + 4);
        Await.until("the descriptors are given back", SOON, () -> appliance.descriptors() <= descriptors + 2);
        System.out.printf("after %d upgrades of each of %d surfaces: %d bundle loaders (%d before), %d threads (%d), %d descriptors (%d)%n", UPGRADES,
            all.size(), appliance.bundleLoaders(), loaders, appliance.threads(), threads, appliance.descriptors(), descriptors);
    }

    private void swap(String bundle, int number) {
        done(appliance.upload("/v1/bundles", version(bundle, "0.1." + number)));
        serves(bundle, "0.1." + number);
    }
}
