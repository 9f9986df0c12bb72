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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The zero-drop proof: handlers are upgraded and rolled back under load, and nobody notices. The short form is part of the build;
 * {@code -Dportunus.proof.streams=4000 -Dportunus.proof.swaps=100} is the long one (see the README of this folder).
 */
@Tag("alone")
@Timeout(1200)
class LiveUpgradeTest {
    private static final int STREAMS = Integer.getInteger("portunus.proof.streams", 200);
    private static final int SWAPS = Integer.getInteger("portunus.proof.swaps", 20);
    private static final int ARRIVALS_PER_SECOND = 200;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration BEFORE = Duration.ofSeconds(4);
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final long SETTLE_NANOS = 20_000_000;
    /** As long as a switch takes, about. */
    private static final Duration PIECE = Duration.ofMillis(500);
    /** A new connection may be as late as that during a switch, however quick the machine: half of what it bakes, for which nobody waits. */
    private static final double LATE_MILLIS = 100;
    /** Or as many times later than before. */
    private static final double LATE_TIMES = 10;

    private final int named = Ports.free();
    private final int plain = Ports.free();
    private final List<Backend> backends = new ArrayList<>();
    private Path home;
    private Appliance appliance;
    private String toml;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        backends.add(TlsBackend.naming(directory, "a"));
        backends.add(TlsBackend.naming(directory, "b"));
        backends.add(Backend.naming("raw"));
        backends.add(Backend.naming("plain"));
        toml = Rules.named("a", named, "a.test", backends.get(0).port()) + Rules.named("b", named, "*.b.test", backends.get(1).port())
            + Rules.named("raw", named, "raw.test", backends.get(2).port()) + Rules.plain("plain", plain, backends.get(3).port())
            + "[deploy]\nbake = \"200ms\"\n";
        appliance = Appliance.start(directory, toml);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
        for (Backend backend : backends) {
            backend.close();
        }
    }

    private Socket tls(String name) throws IOException {
        SSLSocket socket = (SSLSocket) TlsBackend.trustingClient().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), named);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private Streams streams() {
        Streams streams = new Streams(Duration.ofMillis(Math.max(100, STREAMS / 2)));
        streams.add(STREAMS / 4, "a", () -> tls("a.test"));
        streams.add(STREAMS / 4, "b", () -> tls("x.b.test"));
        streams.add(STREAMS / 2, "plain", () -> new Socket(InetAddress.getLoopbackAddress(), plain));
        return streams;
    }

    private Arrivals arrivals() throws IOException {
        return new Arrivals(ARRIVALS_PER_SECOND, List.of(new Arrivals.Caller(named, "raw", ClientHellos.named("raw.test")),
            new Arrivals.Caller(plain, "plain", "anybody there?".getBytes(StandardCharsets.US_ASCII))));
    }

    /** The jar of the distribution under another version. */
    private Path version(String bundle, int number) {
        return BundleJar.versioned(Distribution.bundle(bundle), "0.1." + number, home.resolve("jars"));
    }

    private static void done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"done\":true");
    }

    /** Upgrades flow.tls, rolls it back, upgrades flow.tcp, rolls it back, and so on; every swap is one of these. */
    private void swap(int number) {
        String bundle = number / 2 % 2 == 0 ? "flow.tls" : "flow.tcp";
        if (number % 2 == 0) {
            done(appliance.upload("/v1/bundles", version(bundle, 10 + number)));
        } else {
            done(appliance.post("/v1/bundles/io.portunus." + bundle + "/rollback"));
        }
    }

    @Test
    void handlersAreSwappedUnderLoadAndNothingIsLost() throws IOException {
        prove(() -> { });
    }

    @Test
    void handlersAreSwappedWhileTheFileIsEditedOnceASecond() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread editor = Thread.ofPlatform().daemon().start(() -> {
            for (int edit = 0; !over.get(); edit++) {
                appliance.configure(toml + Rules.plain("edited-" + edit % 3, Ports.free(), backends.get(3).port()));
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        });
        prove(() -> over.set(true));
        editor.join();
        assertThat(appliance.errors().lines().filter(l -> l.contains("config.reload")).count()).isGreaterThan(SWAPS / 4);
    }

    private void prove(Runnable afterSwaps) throws IOException {
        List<long[]> windows = new ArrayList<>();
        long firstSwap;
        List<Arrivals.Served> served;
        int loaders;
        int objects;
        int descriptors;
        int threads;
        try (Streams streams = streams()) {
            Await.until("every stream is open", Duration.ofMinutes(2), () -> streams.open() + streams.failures().size() == STREAMS);
            Arrivals arrivals = arrivals();
            try (arrivals) {
                LockSupport.parkNanos(WARM_UP.toNanos());
                loaders = appliance.bundleLoaders();
                objects = appliance.bundleObjects();
                descriptors = appliance.descriptors();
                threads = appliance.threads();
                LockSupport.parkNanos(BEFORE.toNanos());
                firstSwap = System.nanoTime();
                for (int number = 0; number < SWAPS; number++) {
                    long began = System.nanoTime();
                    swap(number);
                    windows.add(new long[] {began, System.nanoTime() + SETTLE_NANOS});
                    LockSupport.parkNanos(BETWEEN.toNanos());
                }
                afterSwaps.run();
            }
            served = arrivals.served();
            assertThat(arrivals.failures()).isEmpty();
            assertThat(streams.failures()).isEmpty();
            assertThat(streams.open()).isEqualTo(STREAMS);
            late(streams, served, windows, firstSwap);
        }
        nothingIsLeft(loaders, objects, descriptors, threads);
    }

    /**
     * What a switch costs new connections, against the seconds before the first in the same run. Held to its bound is the switch in the middle
     * of all: where the machine is busy with something else, some are late, before as well as during, but not half of them.
     */
    private static void late(Streams streams, List<Arrivals.Served> served, List<long[]> switches, long firstSwap) {
        List<long[]> undisturbed = new ArrayList<>();
        for (long from = firstSwap - BEFORE.toNanos(); from < firstSwap; from += PIECE.toNanos()) {
            undisturbed.add(new long[] {from, from + PIECE.toNanos()});
        }
        double before = p99(served, undisturbed);
        double during = p99(served, switches);
        double usual = median(served, undisturbed);
        double middle = median(served, switches);
        System.out.printf(Locale.ROOT, "zero-drop proof: %d swaps, %d streams with %d chunks, %d new connections; lost 0, corrupted 0, misrouted 0; "
            + "p99 of new connections %.1f ms before, %.1f ms during a switch (ratio %.1f); of the one in the middle %.1f ms and %.1f ms%n",
            switches.size(), streams.open(), streams.exchanged(), served.size(), before, during, during / before, usual, middle);
        assertThat(middle).as("ms that the 99th percentile of new connections takes during a switch, %.1f ms before", usual)
            .isLessThanOrEqualTo(Math.max(LATE_MILLIS, LATE_TIMES * usual));
    }

    private static double p99(List<Arrivals.Served> served, List<long[]> windows) {
        return Arrivals.p99(served.stream().filter(s -> windows.stream().anyMatch(w -> s.touches(w[0], w[1]))).mapToLong(Arrivals.Served::tookNanos));
    }

    private static double median(List<Arrivals.Served> served, List<long[]> windows) {
        double[] each = windows.stream().mapToDouble(window -> p99(served, List.of(window))).sorted().toArray();
        return each[each.length / 2];
    }

    /** Old versions are gone with the last flow; nothing of them stays. */
    private void nothingIsLeft(int loaders, int objects, int descriptors, int threads) {
        assertThat(appliance.get("/metrics").body()).doesNotContainPattern("reason=\"no_handler\"[^}]*} [1-9]");
        Await.until("old versions are uninstalled", Duration.ofSeconds(30),
            () -> !appliance.get("/v1/bundles").body().contains("\"draining\""));
        int perThread = Runtime.getRuntime().availableProcessors();
        Await.until("the loaders of old versions are collected", Duration.ofSeconds(30), () -> appliance.bundleLoaders() <= loaders + perThread);
        Await.until("the framework lets old versions go", Duration.ofSeconds(30), () -> appliance.bundleObjects() <= objects + perThread);
        Await.until("the descriptors are given back", Duration.ofSeconds(30), () -> appliance.descriptors() <= descriptors);
        Await.until("the threads are given back", Duration.ofSeconds(30), () -> appliance.threads() <= threads + 2);
        System.out.printf("after it: %d bundle loaders (%d before), %d bundle objects (%d), %d descriptors (%d under load), %d threads (%d)%n",
            appliance.bundleLoaders(), loaders, appliance.bundleObjects(), objects, appliance.descriptors(), descriptors,
            appliance.threads(), threads);
    }
}
