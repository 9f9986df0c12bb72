// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.Change;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.FaultAccount;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

@Timeout(60)
class UpgradeTest {
    @TempDir
    private Path directory;
    private Workbench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Workbench(directory);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void refusesAPipeADeviceAFolderAndALargeFileAtOnceAndTakesTheNextJar() throws Exception {
        Path pipe = directory.resolve("pipe.jar");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Path sparse = directory.resolve("sparse.jar");
        try (var file = new java.io.RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(1L << 40);
        }

        for (Path path : List.of(pipe, Path.of("/dev/zero"), directory, sparse, directory.resolve("none.jar"))) {
            assertThat(upgrade(path).problems()).extracting(Problem::code).containsExactly(ProblemCode.IO_ERROR);
        }
        assertThat(upgrade(pipe).problems()).extracting(Problem::text).first(InstanceOfAssertFactories.STRING).contains("no regular file");
        assertThat(directory.resolve("jars")).isEmptyDirectory();
        assertThat(upgrade(bench.jar("1.1.0")).done()).isTrue();
    }

    @Test
    void showsWhatAVersionDidWrongAndReleasesItFromItsQuarantine() {
        FaultAccount account = bench.guard.account(new BundlePart(SampleJar.NAME, "1.0.0", "policy bad"));
        for (int i = 0; i < BundleGuard.MOST_FAULTS; i++) {
            account.charge(new IllegalStateException("boo"), 0);
        }

        assertThat(phases()).containsEntry("1.0.0", BundleView.Phase.QUARANTINED);
        BundleView view = bench.control.bundles().stream().filter(its -> its.name().equals(SampleJar.NAME)).findFirst().orElseThrow();
        assertThat(view.faults()).isEqualTo(BundleGuard.MOST_FAULTS);
        assertThat(view.problems()).anyMatch(problem -> problem.contains("policy bad is in quarantine"));
        Deployment released = bench.control.release(SampleJar.NAME, Workbench.BY);
        assertThat(released.done()).isTrue();
        assertThat(released.steps()).containsExactly("The policy bad of " + SampleJar.NAME + " 1.0.0 is called again.");
        assertThat(phases()).containsEntry("1.0.0", BundleView.Phase.CURRENT);
        assertThat(codes(bench.control.release(SampleJar.NAME, Workbench.BY))).containsExactly(ProblemCode.NOT_FOUND);
        assertThat(bench.changes).extracting(Change::what).containsExactly("bundle.release", "bundle.release");
    }

    @Test
    void bringsTheNewVersionAndTakesTheOldOneWhenItsLastFlowHasGone() throws Exception {
        long flow = bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);

        Deployment result = upgrade(bench.jar("1.1.0"));

        assertThat(result.problems()).isEmpty();
        assertThat(result.done()).isTrue();
        assertThat(bench.engine.settled).containsExactly(SampleJar.NAME + " 1.1.0");
        assertThat(result.from()).isEqualTo("1.0.0");
        assertThat(result.to()).isEqualTo("1.1.0");
        assertThat(bench.engine.serving()).contains("1.1.0");
        assertThat(phases()).containsOnly(Map.entry("1.0.0", BundleView.Phase.DRAINING), Map.entry("1.1.0", BundleView.Phase.CURRENT));
        assertThat(kept().bundles()).singleElement().satisfies(entry -> {
            assertThat(entry.version()).isEqualTo("1.1.0");
            assertThat(entry.serves()).isTrue();
            assertThat(entry.before()).containsExactly("1.0.0");
            assertThat(entry.jar()).contains(new Generation.Jar("sample.inspector-1.1.0.jar",
                JarStore.sha256(directory.resolve("jars/sample.inspector-1.1.0.jar"))));
        });
        bench.engine.flows.remove(flow);
        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));
        assertThat(bench.changes).extracting(change -> change.what() + " " + change.outcome()).containsExactly("bundle.upgrade done");
    }

    @Test
    void listsBundlesWhileTheyComeAndGo() throws Exception {
        Path jar = bench.jar("1.1.0");
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Integer> looker = CompletableFuture.supplyAsync(() -> {
            int looks = 0;
            for (; over.getCount() > 0; looks++) {
                bench.control.bundles();
                bench.control.impact(SampleJar.NAME);
            }
            return looks;
        });
        for (int i = 0; i < 200; i++) {
            Bundle bundle = bench.framework.getBundleContext().installBundle(JarStore.location(jar));
            bundle.start();
            bundle.uninstall();
        }
        over.countDown();

        assertThat(looker.get(10, TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void namesWhatABundleWaitsFor() throws Exception {
        Path jar = SampleJar.of("1.1.0").with("Import-Package", "not.there").write(directory.resolve("in/needy.jar"));
        bench.framework.getBundleContext().installBundle(JarStore.location(jar));

        assertThat(bench.control.bundles()).filteredOn(view -> view.version().equals("1.1.0")).singleElement()
            .satisfies(view -> assertThat(view.problems()).singleElement(InstanceOfAssertFactories.STRING).contains("not.there"));
    }

    @Test
    void installsABundleThatIsNew() throws Exception {
        Path jar = SampleJar.of("0.1.0").named("my.own", "own").write(directory.resolve("in/own.jar"));

        Deployment result = upgrade(jar);

        assertThat(result.problems()).isEmpty();
        assertThat(result.from()).isEmpty();
        assertThat(kept().bundles()).extracting(Generation.Entry::name).containsExactly("my.own");
        assertThat(bench.control.rollback("my.own", Workbench.BY).problems()).extracting(Problem::code)
            .containsExactly(DeployCode.NOTHING_TO_ROLL_BACK);
        assertThat(bench.control.remove("my.own", Workbench.BY, Optional.empty(), false).steps()).isNotEmpty();
        Workbench.await(() -> bench.site.bundles().named("my.own").isEmpty());
        assertThat(kept().bundles()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Import-Package, not.there, bundle_unresolved, 'needs the package not.there, which no bundle of this node exports'",
        "Import-Package, 'io.portunus.flow.spi;version=\"[2.0,3)\"', bundle_unresolved, 'needs io.portunus.flow.spi [2.0,3), this node has 1.0'",
        "Require-Capability, no.such.thing, bundle_unresolved, No bundle provides no.such.thing",
        "DynamicImport-Package, *, dynamic_imports, Import-Package",
        "Portunus-Provides, '', kind_undeclared, 'Portunus-Provides: inspector;kind='",
        "Portunus-Provides, policy;kind=sample, kind_undeclared, 'Portunus-Provides: inspector;kind='",
        "X-Start, throw, start_failed, as its manifest says",
        "X-Start, hang, start_failed, within 3 s",
        "X-No-Check, yes, start_failed, SelfCheck",
        "X-Check, problem, self_check_failed, a wheel is loose",
        "X-Check, throw, self_check_failed, as its manifest says",
        "X-Check, hang, self_check_failed, within 3 s",
        "Export-Package, sample, bundle_exports, exports",
        "Fragment-Host, other, needs_restart, fragment",
        "Provide-Capability, none, needs_restart, SelfCheck",
        "Bundle-Version, 0.9.0, not_newer, roll back",
        "Bundle-Version, 1.0.0, not_newer, the same version",
        "Bundle-SymbolicName, '', bundle_unreadable, Bundle-SymbolicName",
        "Bundle-Version, one, bundle_unreadable, one"})
    void leavesEverythingAsItWasWhenTheJarIsBad(String header, String value, String code, String text) throws Exception {
        Deployment result = upgrade(SampleJar.of("1.1.0").with(header, value).write(directory.resolve("in/bad.jar")));

        assertThat(result.done()).isFalse();
        assertThat(result.problems()).first().satisfies(problem -> {
            assertThat(problem.code().code()).isEqualTo(code);
            assertThat(problem.text()).contains(text);
        });
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(directory.resolve("generation.json")).doesNotExist();
        if (!value.equals("hang") || !header.equals("X-Start")) {
            Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
            Workbench.await(() -> isEmpty(directory.resolve("jars")));
        }
        assertThat(bench.changes).singleElement().satisfies(change -> assertThat(change.outcome()).isEqualTo(code));
    }

    @Test
    void refusesABundleThatIsCold() throws Exception {
        Path cold = SampleJar.of("1.0.0").named("cold", "cold").with("X-No-Check", "yes").flowless()
            .write(directory.resolve("own/cold.jar"));
        bench.framework.getBundleContext().installBundle(JarStore.location(cold)).start();

        Deployment result = upgrade(SampleJar.of("2.0.0").named("cold", "cold").write(directory.resolve("in/cold.jar")));

        assertThat(codes(result)).containsExactly(DeployCode.NEEDS_RESTART);
        assertThat(bench.control.impact("cold").orElseThrow().live()).isFalse();
        assertThat(codes(bench.control.remove("cold", Workbench.BY, Optional.empty(), false))).containsExactly(DeployCode.NEEDS_RESTART);
    }

    @Test
    void refusesATruncatedJar() throws Exception {
        byte[] whole = Files.readAllBytes(bench.jar("1.1.0"));
        Path cut = Files.write(directory.resolve("in/cut.jar"), java.util.Arrays.copyOf(whole, whole.length - 100));

        assertThat(codes(upgrade(cut))).containsExactly(DeployCode.BUNDLE_UNREADABLE);
        Workbench.await(() -> isEmpty(directory.resolve("jars")));
    }

    @Test
    void refusesMoreVersionsThanMayBeThere() throws Exception {
        for (String version : List.of("1.1.0", "1.2.0")) {
            bench.engine.open(bench.engine.serving().orElseThrow(), FlowView.State.OPEN, Duration.ZERO);
            assertThat(upgrade(bench.jar(version)).done()).isTrue();
        }
        bench.engine.open("1.2.0", FlowView.State.OPEN, Duration.ZERO);

        Deployment result = upgrade(bench.jar("1.3.0"));

        assertThat(codes(result)).containsExactly(DeployCode.TOO_MANY_VERSIONS);
        assertThat(result.problems().getFirst().text()).contains("1.0.0 carries 1 flows, 1.1.0 carries 1 flows, 1.2.0 carries 1 flows");
        assertThat(bench.engine.serving()).contains("1.2.0");
    }

    @Test
    void endsTheFlowsOfTheOldVersionWhenTheirTimeIsOver() throws Exception {
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);

        bench.control.upgrade(bench.jar("1.1.0"), Workbench.BY, Optional.of(Duration.ofMillis(300)), Set.of());

        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));
        assertThat(bench.engine.flows).isEmpty();
    }

    @Test
    void handsTheStateOver() throws Exception {
        System.setProperty("portunus.test.taken", "");

        upgrade(SampleJar.of("1.1.0").with("X-Handover", "yes").write(directory.resolve("in/a.jar")));

        assertThat(System.getProperty("portunus.test.taken")).isEqualTo("1.0.0");
    }

    @Test
    void takesTheNewVersionBackThatThrowsWhileItIsWatched() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(20), 3);
        long stream = bench.engine.open("1.1.0", FlowView.State.OPEN, Duration.ZERO);
        long stalled = bench.engine.open("1.1.0", FlowView.State.PEEKING, Duration.ofSeconds(5));
        bench.engine.faults.put("1.1.0", 0L);
        CompletableFuture<Deployment> running = inBackground("1.1.0");
        Workbench.await(() -> bench.engine.serving().equals(Optional.of("1.1.0")));
        bench.engine.faults.put("1.1.0", 2L);

        Deployment result = running.get(10, TimeUnit.SECONDS);

        assertThat(codes(result)).containsExactly(DeployCode.BAKE_FAILED);
        assertThat(bench.engine.settled).as("no open flow is offered to it").isEmpty();
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(bench.engine.flows).containsKey(stream).doesNotContainKey(stalled);
        assertThat(phases()).containsEntry("1.1.0", BundleView.Phase.DRAINING).containsEntry("1.0.0", BundleView.Phase.CURRENT);
        assertThat(kept().bundles()).isEmpty();
        assertThat(kept().takenBack()).containsEntry(SampleJar.NAME, List.of("1.1.0"));

        // The same jar again, while the version still drains: it is not installed twice.
        bench.settings = new DeploySettings(false, List.of(), Duration.ZERO, 3);
        assertThat(upgrade(directory.resolve("in/1.1.0.jar")).problems()).isEmpty();
        assertThat(bench.engine.serving()).contains("1.1.0");
        bench.engine.end(SampleJar.NAME, "1.1.0", CloseReason.KILLED);
        assertThat(directory.resolve("jars/sample.inspector-1.1.0.jar")).exists();
    }

    @Test
    void rollsBackAtOnceWhileTheNewVersionIsWatched() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(60), 3);
        CompletableFuture<Deployment> running = inBackground("1.1.0");
        Workbench.await(() -> phases().containsValue(BundleView.Phase.BAKING));
        assertThat(codes(upgrade(bench.jar("1.2.0")))).containsExactly(ProblemCode.BUSY);
        assertThat(codes(bench.control.remove(SampleJar.NAME, Workbench.BY, Optional.empty(), false))).containsExactly(ProblemCode.BUSY);

        Deployment back = bench.control.rollback(SampleJar.NAME, Workbench.BY);

        assertThat(back.problems()).isEmpty();
        assertThat(back.from()).isEqualTo("1.1.0");
        assertThat(back.to()).isEqualTo("1.0.0");
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(codes(running.get(10, TimeUnit.SECONDS))).containsExactly(DeployCode.BAKE_FAILED);
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
        Workbench.await(() -> isEmpty(directory.resolve("jars")));
    }

    @Test
    void rollsBackToAVersionThatStillDrainsWithoutInstallingItTwice() throws Exception {
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);
        long id = bench.bundle("1.0.0").getBundleId();
        upgrade(bench.jar("1.1.0"));

        Deployment back = bench.control.rollback(SampleJar.NAME, Workbench.BY);

        assertThat(back.problems()).isEmpty();
        assertThat(bench.bundle("1.0.0").getBundleId()).isEqualTo(id);
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(kept().bundles()).isEmpty();
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
        Workbench.await(() -> isEmpty(directory.resolve("jars")));
    }

    @Test
    void rollsBackTwiceToVersionsThatHaveGone() throws Exception {
        for (String version : List.of("1.1.0", "1.2.0")) {
            upgrade(bench.jar(version));
            Workbench.await(() -> bench.versions().equals(List.of(version)));
        }

        assertThat(bench.control.rollback(SampleJar.NAME, Workbench.BY).to()).isEqualTo("1.1.0");
        assertThat(bench.engine.serving()).contains("1.1.0");
        assertThat(bench.control.rollback(SampleJar.NAME, Workbench.BY).to()).isEqualTo("1.0.0");
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(codes(bench.control.rollback(SampleJar.NAME, Workbench.BY))).containsExactly(DeployCode.NOTHING_TO_ROLL_BACK);
        assertThat(codes(bench.control.rollback("nobody", Workbench.BY))).containsExactly(ProblemCode.NOT_FOUND);
    }

    @Test
    void removesWhatWasDeployedInFavourOfTheDistributions() throws Exception {
        upgrade(bench.jar("1.1.0"));
        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));

        Deployment result = bench.control.remove(SampleJar.NAME, Workbench.BY, Optional.empty(), false);

        assertThat(result.problems()).isEmpty();
        assertThat(result.to()).isEqualTo("1.0.0");
        assertThat(bench.engine.serving()).contains("1.0.0");
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
        assertThat(kept().bundles()).isEmpty();
        Workbench.await(() -> isEmpty(directory.resolve("jars")));
    }

    @Test
    void switchesWhatIsNeitherHandlerNorInspectorByStoppingTheOldVersion() throws Exception {
        Path old = SampleJar.of("1.0.0").with("Bundle-SymbolicName", "plain").flowless().write(directory.resolve("own/plain.jar"));
        bench.framework.getBundleContext().installBundle(JarStore.location(old)).start();
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(60), 3);
        Path jar = SampleJar.of("1.1.0").with("Bundle-SymbolicName", "plain").flowless().write(directory.resolve("in/plain.jar"));
        CompletableFuture<Deployment> running = inBackground(jar);
        Workbench.await(() -> bench.control.bundles().stream().anyMatch(view -> view.phase() == BundleView.Phase.BAKING));
        assertThat(bench.site.bundles().find("plain", "1.0.0").orElseThrow().getState()).isEqualTo(Bundle.RESOLVED);

        bench.control.rollback("plain", Workbench.BY);

        assertThat(bench.site.bundles().find("plain", "1.0.0").orElseThrow().getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(codes(running.get(10, TimeUnit.SECONDS))).containsExactly(DeployCode.BAKE_FAILED);
    }

    @Test
    void refusesAJarThatWouldTakeTheFileOfAnother() throws Exception {
        upgrade(SampleJar.of("2.0.0").named("sample.inspector-1.1.0.x", "x").write(directory.resolve("in/a.jar")));

        Deployment result = upgrade(bench.jar("1.1.0.x-2.0.0"));

        assertThat(codes(result)).containsExactly(DeployCode.BUNDLE_UNREADABLE);
        assertThat(directory.resolve("jars/sample.inspector-1.1.0.x-2.0.0.jar")).exists();
    }

    @Test
    void keepsAVersionThatSomethingIsPinnedTo() throws Exception {
        VersionPin pin = new VersionPin(Optional.of("web"), Optional.empty(), SampleJar.NAME, "1.0.0");
        assertThat(bench.control.pin(pin, Workbench.BY)).isEmpty();
        assertThat(bench.engine.pins()).containsExactly(pin);

        upgrade(bench.jar("1.1.0"));
        bench.site.drain().sweep();

        assertThat(phases()).containsEntry("1.0.0", BundleView.Phase.PINNED);
        assertThat(kept().pins()).containsExactly(pin);
        assertThat(kept().bundles()).extracting(entry -> entry.version() + " " + entry.serves() + " " + entry.jar().isPresent())
            .containsExactly("1.1.0 true true", "1.0.0 false false");
        assertThat(bench.control.pin(new VersionPin(Optional.of("web"), Optional.empty(), SampleJar.NAME, "7.0.0"), Workbench.BY))
            .extracting(Problem::code).containsExactly(ProblemCode.NOT_FOUND);
        assertThat(bench.control.unpin("rule web", Workbench.BY)).isTrue();
        assertThat(bench.control.unpin("rule web", Workbench.BY)).isFalse();
        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));
    }

    @Test
    void takesUpWhatWasPutDown() throws Exception {
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);
        upgrade(bench.jar("1.1.0"));
        bench.engine.preferred.clear();
        bench.control.close();
        Path left = bench.site.store().path(SampleJar.NAME, "1.2.0");
        Files.copy(bench.jar("1.2.0"), left);

        Site again = new SitePlan(bench.framework.getBundleContext(), directory, Optional.empty(), "1", Workbench.PATIENCE, bench.guard)
            .site(bench.engine, bench.engine, bench.engine, List.of(), () -> bench.settings);
        try (LiveBundles control = new LiveBundles(again, change -> { }, InstantSource.system())) {
            control.open(false);

            assertThat(left).doesNotExist();
            assertThat(bench.engine.preferred).containsEntry(SampleJar.NAME, "1.1.0");
            assertThat(control.rollback(SampleJar.NAME, Workbench.BY).to()).isEqualTo("1.0.0");
        }
    }

    @Test
    void leavesWhatIsUnderWayWhenItStops() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(60), 3);
        CompletableFuture<Deployment> running = inBackground("1.1.0");
        Workbench.await(() -> phases().containsValue(BundleView.Phase.BAKING));

        bench.control.close();

        assertThat(codes(running.get(10, TimeUnit.SECONDS))).containsExactly(ProblemCode.BUSY);
        assertThat(bench.versions()).containsExactlyInAnyOrder("1.0.0", "1.1.0");
        assertThat(directory.resolve("generation.json")).doesNotExist();
    }

    @Test
    void undoesEverythingWhenSomethingIsThrownThatNobodyExpects() throws Exception {
        bench.engine.breaks.set(new NoClassDefFoundError("as the test wants"));

        Deployment result = upgrade(bench.jar("1.1.0"));

        assertThat(codes(result)).containsExactly(DeployCode.CHANGE_FAILED);
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(directory.resolve("generation.json")).doesNotExist();
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
        Workbench.await(() -> isEmpty(directory.resolve("jars")));
        assertThat(upgrade(bench.jar("1.2.0")).done()).isTrue();
    }

    @Test
    void rollBackThatFailsByADefectChangesNothing() throws Exception {
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);
        assertThat(upgrade(bench.jar("1.1.0")).done()).isTrue();
        bench.engine.breaks.set(new StackOverflowError());

        Deployment result = bench.control.rollback(SampleJar.NAME, Workbench.BY);

        assertThat(codes(result)).containsExactly(DeployCode.CHANGE_FAILED);
        assertThat(bench.engine.serving()).contains("1.1.0");
        assertThat(kept().bundles()).extracting(Generation.Entry::version).containsExactly("1.1.0");
        assertThat(phases()).containsEntry("1.0.0", BundleView.Phase.DRAINING).containsEntry("1.1.0", BundleView.Phase.CURRENT);
    }

    /** As a check of another bundle may: it was there before, and is nobody's but its own problem. */
    @Test
    void checksThatThrowOrHangKeepNoChangeFromBeingMade() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        bench.checks.add(check("throws", () -> {
            throw new NoSuchMethodError("as the test wants");
        }));
        bench.checks.add(check("hangs", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        }));

        assertThat(upgrade(bench.jar("1.1.0")).problems()).isEmpty();
        assertThat(bench.control.remove(SampleJar.NAME, Workbench.BY, Optional.empty(), false).problems()).isEmpty();
        assertThat(kept().bundles()).isEmpty();
        never.countDown();
    }

    @Test
    void versionWhoseCheckThrowsIsTakenBackAndLeavesNothing() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(20), 3);
        // As its own bundle does: the check is there as soon as the version has started.
        bench.engine.onComing = () -> bench.checks.add(check("theirs", () -> {
            throw new IllegalStateException("as the test wants");
        }));

        Deployment result = inBackground("1.1.0").get(20, TimeUnit.SECONDS);

        assertThat(codes(result)).containsExactly(DeployCode.BAKE_FAILED);
        assertThat(result.problems().getFirst().text()).contains("theirs");
        assertThat(bench.engine.serving()).contains("1.0.0");
        assertThat(kept().bundles()).isEmpty();
        Workbench.await(() -> bench.versions().equals(List.of("1.0.0")));
    }

    @Test
    void versionThatHadNoFlowsStaysAndIsNotProven() throws Exception {
        Deployment result = upgrade(bench.jar("1.1.0"));

        assertThat(result.done()).isTrue();
        assertThat(result.steps()).anySatisfy(step -> assertThat(step).contains("not proven: 0 flows").contains("portunus:rollback"));
        assertThat(unproven("1.1.0")).contains("not proven: 0 flows");

        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(2), 3);
        CompletableFuture<Deployment> running = inBackground("1.2.0");
        Workbench.await(() -> bench.engine.serving().equals(Optional.of("1.2.0")));
        bench.engine.opened.put("1.2.0", 20L);
        assertThat(running.get(10, TimeUnit.SECONDS).done()).isTrue();
        assertThat(unproven("1.2.0")).isEmpty();
    }

    private Optional<String> unproven(String version) {
        return bench.control.bundles().stream().filter(view -> view.name().equals(SampleJar.NAME) && view.version().equals(version))
            .findFirst().orElseThrow().unproven();
    }

    private static ReadinessCheck check(String name, Supplier<List<Problem>> answer) {
        return new ReadinessCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Problem> problems() {
                return answer.get();
            }
        };
    }

    /** The launcher started without what was deployed: it is kept, shown, and not forgotten by the next change. */
    @Test
    void whatTheLauncherLeftOutIsKeptShownAndRemovable() throws Exception {
        var own = SampleJar.of("0.1.0").named("my.own", "own").with("X-Kind", "own").write(directory.resolve("in/own.jar"));
        assertThat(upgrade(own).done()).isTrue();
        bench.control.close();
        bench.site.bundles().uninstall(bench.site.bundles().find("my.own", "0.1.0").orElseThrow());
        Site again = new SitePlan(bench.framework.getBundleContext(), directory, Optional.empty(), "1", Workbench.PATIENCE, bench.guard)
            .site(bench.engine, bench.engine, bench.engine, List.of(), () -> bench.settings);
        try (LiveBundles control = new LiveBundles(again, change -> { }, InstantSource.system())) {
            control.open(true);

            assertThat(control.leftOut()).containsExactly("my.own 0.1.0");
            assertThat(control.bundles()).filteredOn(view -> view.name().equals("my.own")).singleElement()
                .satisfies(view -> assertThat(view.phase()).isEqualTo(BundleView.Phase.LEFT_OUT));
            assertThat(control.upgrade(bench.jar("1.1.0"), Workbench.BY, Optional.empty(), Set.of()).done()).isTrue();
            assertThat(kept().bundles()).extracting(Generation.Entry::name).contains("my.own", SampleJar.NAME);
            assertThat(kept().claims().lines().values()).contains(List.of("my.own"));
            assertThat(directory.resolve("jars/my.own-0.1.0.jar")).exists();
            DeploymentReadiness readiness = new DeploymentReadiness(again, Optional.of("failed"), control::leftOut);
            assertThat(readiness.degraded()).filteredOn(problem -> problem.code().toString().equals("left_out")).singleElement()
                .satisfies(its -> assertThat(its.text()).startsWith("my.own 0.1.0"));

            assertThat(control.remove("my.own", Workbench.BY, Optional.empty(), false).done()).isTrue();
            assertThat(kept().bundles()).extracting(Generation.Entry::name).doesNotContain("my.own");
            assertThat(kept().claims().lines().values()).doesNotContain(List.of("my.own"));
            assertThat(directory.resolve("jars/my.own-0.1.0.jar")).doesNotExist();
            assertThat(readiness.degraded()).isEmpty();
        }
    }

    private CompletableFuture<Deployment> inBackground(String version) throws Exception {
        return inBackground(bench.jar(version));
    }

    private CompletableFuture<Deployment> inBackground(Path jar) {
        CompletableFuture<Deployment> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> result.complete(upgrade(jar)));
        return result;
    }

    private Deployment upgrade(Path jar) {
        return bench.control.upgrade(jar, Workbench.BY, Optional.empty(), Set.of());
    }

    private static boolean isEmpty(Path folder) {
        return Optional.ofNullable(folder.toFile().list()).orElseThrow().length == 0;
    }

    private Generation kept() {
        return new GenerationFile(directory).read("");
    }

    private Map<String, BundleView.Phase> phases() {
        return bench.control.bundles().stream().filter(view -> view.name().equals(SampleJar.NAME))
            .collect(java.util.stream.Collectors.toMap(BundleView::version, BundleView::phase));
    }

    private static List<ProblemCode> codes(Deployment result) {
        return result.problems().stream().map(Problem::code).toList();
    }
}
