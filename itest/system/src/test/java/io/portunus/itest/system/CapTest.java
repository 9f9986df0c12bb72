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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy from deployment to removal, and the flows that it caps: as fast as they may, by splice, and otherwise as without it. */
@Tag("alone")
@Timeout(240)
class CapTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long BYTES_PER_SECOND = 4_000_000;
    private static final long BURST = BYTES_PER_SECOND / 10;
    private static final long FOUR_SECONDS_WORTH = 4 * BYTES_PER_SECOND;

    private final int bulkPort = Ports.free();
    private final int orderPort = Ports.free();
    private Backend bulk;
    private Backend orders;
    /** What the next connection is to do, and how it went. Volatile: set by the test, read by the backend's threads. */
    private volatile Script script = Script.of();
    private volatile CompletableFuture<String> atBackend = new CompletableFuture<>();

    @BeforeEach
    void startBackends() {
        bulk = Backend.start(BulkTest::converse);
        orders = Backend.start(socket -> {
            CompletableFuture<String> current = atBackend;
            current.complete(run(script, socket));
        });
    }

    @AfterEach
    void stop() throws IOException {
        orders.close();
        bulk.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnio", "epoll"})
    void flowsKeepToTheCapAndLackNothingElse(String transport, @TempDir Path directory) throws Exception {
        Path jar = SampleBundle.cap(directory);
        String by = "transport = \"" + transport + "\"\n";
        String rules = Rules.plain("bulk", bulkPort, bulk.port()) + by + Rules.plain("orders", orderPort, orders.port()) + by;
        try (Appliance appliance = Appliance.start(directory, rules,
            Map.of("PORTUNUS_JAVA_OPTS", "-Dcap.bytes_per_second=" + BYTES_PER_SECOND))) {
            assertThat(appliance.pipes()).isZero();
            deploy(appliance, jar, directory.resolve("state/deploy"));

            bothWaysAreAsFastAsTheyMayBe(appliance);
            closesInEveryOrder(appliance);
            removalEndsNothingAndFreesTheOthers(appliance);
        }
    }

    private static void deploy(Appliance appliance, Path jar, Path inbox) throws IOException {
        Files.move(Files.copy(jar, inbox.resolve(".cap.jar")), inbox.resolve("cap.jar"));
        Await.until("the policy serves", SOON, () -> bundles(appliance).contains("com.example.cap"));
        Await.until("the jar is taken", SOON, () -> Files.notExists(inbox.resolve("cap.jar")) && Files.notExists(inbox.resolve("cap.jar.trying")));
    }

    private static String bundles(Appliance appliance) {
        return appliance.get("/v1/bundles").body();
    }

    /** Two connections each way share the cap. */
    private void bothWaysAreAsFastAsTheyMayBe(Appliance appliance) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Double> up = clients.submit(() -> seconds(seed -> BulkTest.up(bulkPort, FOUR_SECONDS_WORTH / 2, seed)));
            Future<Double> down = clients.submit(() -> seconds(seed -> BulkTest.down(bulkPort, FOUR_SECONDS_WORTH / 2, seed)));
            keepsToTheCap(up.get());
            keepsToTheCap(down.get());
        }
        assertThat(appliance.get("/v1/status").body()).contains("\"pump\":\"splice\"");
        // A lane opens its pipe with the first byte that it takes, and the pipe stays open for the next one.
        assertThat(appliance.pipes()).isPositive();
    }

    private static void keepsToTheCap(double seconds) {
        double may = BYTES_PER_SECOND * seconds + BURST;
        assertThat(FOUR_SECONDS_WORTH / may).as("%d bytes in %.2f s, by what may be moved in that time", FOUR_SECONDS_WORTH, seconds).isBetween(0.7,
            1.2);
    }

    private interface Transfer {
        boolean arrives(long seed) throws IOException;
    }

    private static double seconds(Transfer transfer) throws Exception {
        long begun = System.nanoTime();
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long seed = 1; seed <= 2; seed++) {
                long its = seed;
                Callable<Boolean> one = () -> transfer.arrives(its);
                results.add(clients.submit(one));
            }
        }
        double took = (System.nanoTime() - begun) / 1e9;
        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
        return took;
    }

    private void closesInEveryOrder(Appliance appliance) throws Exception {
        for (CloseOrderTest.Row row : CloseOrderTest.orders().toList()) {
            script = row.backend();
            atBackend = new CompletableFuture<>();
            String client;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), orderPort)) {
                client = run(row.client(), socket);
            }
            assertThat(List.of(client, atBackend.get(15, TimeUnit.SECONDS))).as(row.name()).containsOnly("as written");
        }
        Await.until("no flow is left", SOON, () -> appliance.get("/v1/flows").body().contains("\"flows\":[]"));
    }

    private static String run(Script script, Socket socket) {
        try {
            socket.setSoTimeout(10_000);
            script.run(socket);
            return "as written";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void removalEndsNothingAndFreesTheOthers(Appliance appliance) throws Exception {
        long begun = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Double> capped = clients.submit(() -> {
                assertThat(BulkTest.down(bulkPort, FOUR_SECONDS_WORTH, 3)).isTrue();
                return (System.nanoTime() - begun) / 1e9;
            });
            Await.until("the flow is open", SOON, () -> appliance.get("/v1/flows").body().contains("\"com.example.cap\""));

            assertThat(appliance.delete("/v1/bundles/com.example.cap").body()).contains("\"done\":true");

            long uncapped = System.nanoTime();
            assertThat(BulkTest.down(bulkPort, 4 * FOUR_SECONDS_WORTH, 4)).isTrue();
            // By the cap it would take sixteen seconds.
            assertThat((System.nanoTime() - uncapped) / 1e9).isLessThan(8);
            keepsToTheCap(capped.get());
        }
        Await.until("the bundle is gone", SOON, () -> !bundles(appliance).contains("com.example.cap"));
    }
}
