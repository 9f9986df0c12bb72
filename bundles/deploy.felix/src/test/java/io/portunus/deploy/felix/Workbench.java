// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.Change;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A real framework with a distribution's sample bundle 1.0.0 in it, an engine whose answers a test sets, and the class under test. */
final class Workbench {
    static final Actor BY = new Actor("shell", "");
    /** Little: a test of what hangs waits for it. Yet a bundle that starts on a busy machine ends within it. */
    static final Duration PATIENCE = Duration.ofSeconds(3);
    final Path directory;
    final Framework framework;
    final FakeEngine engine;
    final BundleGuard guard = new BundleGuard(System::nanoTime, account -> { });
    final Site site;
    final LiveBundles control;
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();
    volatile DeploySettings settings = new DeploySettings(false, List.of(), Duration.ZERO, 3);

    Workbench(Path directory) throws Exception {
        this.directory = directory;
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, directory.resolve("cache").toString(),
            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
            "io.portunus.flow.spi;version=1.0,io.portunus.flow.api;version=1.0,io.portunus.model;version=1.0,io.portunus.node.api;version=1.0",
            Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "30", "felix.log.level", "0"));
        framework.init();
        engine = new FakeEngine(framework.getBundleContext());
        framework.start();
        Path own = SampleJar.of("1.0.0").with("X-Handover", "yes").write(directory.resolve("own/own.jar"));
        framework.getBundleContext().installBundle(JarStore.location(own)).start();
        site = new SitePlan(framework.getBundleContext(), directory, Optional.empty(), "1", PATIENCE, guard)
            .site(engine, engine, engine, checks, () -> settings);
        control = new LiveBundles(site, changes::add, InstantSource.system());
        control.open(false);
    }

    Path jar(String version) throws Exception {
        return SampleJar.of(version).write(directory.resolve("in/" + version + ".jar"));
    }

    List<String> versions() {
        return Arrays.stream(framework.getBundleContext().getBundles()).filter(bundle -> SampleJar.NAME.equals(bundle.getSymbolicName()))
            .map(bundle -> bundle.getVersion().toString()).toList();
    }

    Bundle bundle(String version) {
        return site.bundles().find(SampleJar.NAME, version).orElseThrow();
    }

    /** Polls for ten seconds. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(10);
        CountDownLatch never = new CountDownLatch(1);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    void close() throws Exception {
        control.close();
        framework.stop();
        framework.waitForStop(10_000);
    }
}
