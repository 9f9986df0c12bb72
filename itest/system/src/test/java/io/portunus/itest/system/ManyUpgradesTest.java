// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.BundleJar;
import io.portunus.itest.testkit.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of a version that was replaced stays, however many there were, and no connection is lost meanwhile:
 * {@code -Dportunus.proof.upgrades=500} is the long form (see the README of this folder).
 */
@Tag("alone")
@Timeout(3600)
class ManyUpgradesTest {
    private static final int UPGRADES = Integer.getInteger("portunus.proof.upgrades", 60);
    /** One of each role that flows meet, by turns: inspector, handler, selector, header and filter. */
    private static final List<String> BUNDLES = List.of("flow.tls", "flow.tcp", "flow.target", "flow.proxyprotocol");
    /** What is made once, by the first upgrades, counts before. */
    private static final int FIRST = 2 * BUNDLES.size();
    private static final int ARRIVALS_PER_SECOND = 50;
    private static final Duration SOON = Duration.ofSeconds(60);
    /** One version may be held by the last thread that ran it, and one be about to go. */
    private static final int SOME = 3;
    /** Of heap that lives after a collection, whatever the number of upgrades: counters and the last changes come and go. */
    private static final long SOME_BYTES = 1_500_000;

    private final int named = Ports.free();
    private final int plain = Ports.free();

    @Test
    void nothingIsLeftOfManyVersions(@TempDir Path directory) throws IOException {
        try (Backend raw = Backend.naming("raw"); Backend other = Backend.naming("plain"); Appliance appliance = Appliance.start(directory,
                Rules.named("raw", named, "raw.test", raw.port()) + Rules.plain("plain", plain, other.port()) + "[deploy]\nbake = \"0s\"\n")) {
            Arrivals arrivals = arrivals();
            try (arrivals) {
                keepsNothing(appliance, directory);
            }
            assertThat(arrivals.failures()).isEmpty();
            assertThat(arrivals.served()).isNotEmpty();
            System.out.printf(Locale.ROOT, "%d connections meanwhile, none lost%n", arrivals.served().size());
        }
    }

    private Arrivals arrivals() throws IOException {
        return new Arrivals(ARRIVALS_PER_SECOND, List.of(new Arrivals.Caller(named, "raw", ClientHellos.named("raw.test")),
            new Arrivals.Caller(plain, "plain", "anybody there?".getBytes(StandardCharsets.US_ASCII))));
    }

    private static void keepsNothing(Appliance appliance, Path directory) throws IOException {
        upgrades(appliance, directory, 0, FIRST);
        Kept before = Kept.by(appliance);
        upgrades(appliance, directory, FIRST, FIRST + UPGRADES);
        AtomicReference<Kept> after = new AtomicReference<>(before);
        try {
            Await.until("no more is kept than before", SOON, () -> {
                Kept now = Kept.by(appliance);
                after.set(now);
                return now.noMoreThan(before);
            });
        } finally {
            System.out.printf(Locale.ROOT, "%d upgrades: %s before, %s after%n", UPGRADES, before, after);
        }
    }

    private static void upgrades(Appliance appliance, Path directory, int from, int to) throws IOException {
        for (int number = from; number < to; number++) {
            Path shipped = Distribution.bundle(BUNDLES.get(number % BUNDLES.size()));
            Path jar = BundleJar.versioned(shipped, "0.1." + (10 + number), directory.resolve("jars"));
            assertThat(appliance.upload("/v1/bundles", jar).body()).contains("\"done\":true");
            Files.delete(jar);
        }
        Await.until("one version is left of each", SOON, () -> !appliance.get("/v1/bundles").body().contains("\"draining\""));
    }

    /**
     * What a process holds after a collection.
     *
     * @param loaders class loaders of bundles
     * @param bundles what the framework keeps of bundles
     * @param uses entries of who uses which service
     * @param bytes all that lives
     * @param descriptors open descriptors
     * @param threads threads of the system
     */
    private record Kept(int loaders, int bundles, int uses, long bytes, int descriptors, int threads) {
        static Kept by(Appliance appliance) {
            return new Kept(appliance.bundleLoaders(), appliance.bundleObjects(), appliance.serviceUses(), appliance.livingBytes(),
                appliance.descriptors(), appliance.threads());
        }

        boolean noMoreThan(Kept before) {
            return loaders <= before.loaders + SOME && bundles <= before.bundles + SOME && uses <= before.uses + SOME * SOME
                && bytes <= before.bytes + SOME_BYTES && descriptors <= before.descriptors + SOME && threads <= before.threads + SOME;
        }
    }
}
