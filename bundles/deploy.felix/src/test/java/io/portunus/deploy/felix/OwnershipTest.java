// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.KindOwners;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two bundles that offer the same. */
@Timeout(60)
class OwnershipTest {
    private static final Offer SAMPLE = new Offer("inspector", "sample");
    private static final String OTHER = "com.other";
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

    private Path other(String version) throws Exception {
        return SampleJar.of(version).named(OTHER, "sample").write(directory.resolve("in/other-" + version + ".jar"));
    }

    private Deployment upgrade(Path jar, String... replaces) {
        return bench.control.upgrade(jar, Workbench.BY, Optional.empty(), Set.of(replaces));
    }

    private Deployment remove(String name, boolean force) {
        return bench.control.remove(name, Workbench.BY, Optional.empty(), force);
    }

    private static List<ProblemCode> codes(Deployment result) {
        return result.problems().stream().map(Problem::code).toList();
    }

    private Map<Offer, List<String>> kept() {
        return new GenerationFile(directory).read("").claims().lines();
    }

    @Test
    void secondClaimantIsRefusedWithTheNameOfTheOwner() throws Exception {
        Deployment result = upgrade(other("1.0.0"));

        assertThat(result.done()).isFalse();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(DeployCode.KIND_TAKEN);
            assertThat(problem.path()).isEqualTo("inspector.sample");
            assertThat(problem.text()).contains(SampleJar.NAME, "--replaces " + SampleJar.NAME);
        });
        assertThat(bench.site.bundles().named(OTHER)).isEmpty();
        assertThat(bench.engine.serving("sample")).containsExactly("sample.inspector 1.0.0");
    }

    @Test
    void replacementServesThroughUpgradesAndRollBacksOfBoth() throws Exception {
        assertThat(upgrade(other("1.0.0"), SampleJar.NAME).problems()).isEmpty();
        assertThat(bench.engine.serving("sample")).containsExactly("com.other 1.0.0");
        assertThat(kept()).containsExactly(Map.entry(SAMPLE, List.of(OTHER, SampleJar.NAME)));

        Deployment ours = upgrade(bench.jar("1.1.0"));
        assertThat(ours.problems()).isEmpty();
        assertThat(ours.steps()).anyMatch(step -> step.contains("inspector.sample stays with com.other"));
        assertThat(bench.engine.serving("sample")).containsExactly("com.other 1.0.0");
        assertThat(upgrade(other("1.1.0")).done()).isTrue();
        assertThat(bench.engine.serving("sample")).containsExactly("com.other 1.1.0");
        assertThat(bench.control.rollback(OTHER, Workbench.BY).done()).isTrue();
        assertThat(bench.engine.serving("sample")).containsExactly("com.other 1.0.0");
        assertThat(bench.control.rollback(SampleJar.NAME, Workbench.BY).done()).isTrue();
        assertThat(bench.engine.serving("sample")).containsExactly("com.other 1.0.0");
        assertThat(kept()).containsExactly(Map.entry(SAMPLE, List.of(OTHER, SampleJar.NAME)));
    }

    @Test
    void surfacesNameWhatServesAndWhatDoesNot() throws Exception {
        upgrade(other("1.0.0"), SampleJar.NAME);

        assertThat(bench.control.bundles()).filteredOn(view -> view.name().equals(OTHER)).singleElement()
            .satisfies(view -> assertThat(view.serves()).containsExactly("inspector.sample"));
        assertThat(bench.control.bundles()).filteredOn(view -> view.name().equals(SampleJar.NAME)).singleElement().satisfies(view -> {
            assertThat(view.serves()).isEmpty();
            assertThat(view.problems()).singleElement().asString().contains("inspector.sample", OTHER);
        });
    }

    @Test
    void removalGivesTheKindBack() throws Exception {
        upgrade(other("1.0.0"), SampleJar.NAME);
        bench.engine.rules.add("web");

        Deployment removed = remove(OTHER, false);

        assertThat(removed.problems()).isEmpty();
        assertThat(removed.steps()).contains("sample.inspector serves inspector.sample now, in place of com.other.");
        assertThat(bench.engine.serving("sample")).containsExactly("sample.inspector 1.0.0");
        assertThat(kept()).isEmpty();
    }

    @Test
    void whatFailsGivesTheKindBack() throws Exception {
        Path bad = SampleJar.of("1.0.0").named(OTHER, "sample").with("X-Check", "throw").write(directory.resolve("in/bad.jar"));

        assertThat(upgrade(bad, SampleJar.NAME).done()).isFalse();

        assertThat(bench.engine.serving("sample")).containsExactly("sample.inspector 1.0.0");
        Workbench.await(() -> bench.site.bundles().named(OTHER).isEmpty());
    }

    @Test
    void bakeThatFailsGivesTheKindBack() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ofSeconds(60), 3);
        Path jar = other("9.0.0");
        CompletableFuture<Deployment> upgrade = CompletableFuture.supplyAsync(() -> upgrade(jar, SampleJar.NAME));
        Workbench.await(() -> bench.engine.serving("sample").equals(List.of("com.other 9.0.0")));

        bench.engine.faults.put("9.0.0", 3L);

        assertThat(codes(upgrade.get(20, TimeUnit.SECONDS))).containsExactly(DeployCode.BAKE_FAILED);
        assertThat(bench.engine.serving("sample")).containsExactly("sample.inspector 1.0.0");
        assertThat(kept()).isEmpty();
    }

    @Test
    void replacesOnlyWhoOwnsWhatTheJarDeclares() throws Exception {
        assertThat(codes(upgrade(SampleJar.of("1.0.0").named("my.own", "own").write(directory.resolve("in/own.jar")), SampleJar.NAME)))
            .containsExactly(ProblemCode.INVALID_VALUE);
        assertThat(codes(upgrade(other("1.0.0"), "nobody"))).containsExactly(DeployCode.KIND_TAKEN, ProblemCode.INVALID_VALUE);
    }

    @Test
    void ownerThatIsTakenAwayByHandIsNamedAndServedByWhomItReplaced() throws Exception {
        upgrade(other("1.0.0"), SampleJar.NAME);
        bench.framework.getBundleContext().addBundleListener(bench.site.ownership()::changed);

        bench.site.bundles().find(OTHER, "1.0.0").orElseThrow().uninstall();

        Workbench.await(() -> bench.engine.serving("sample").equals(List.of("sample.inspector 1.0.0")));
        assertThat(new DeploymentReadiness(bench.site, Optional.empty(), List::of).degraded()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("inspector.sample");
            assertThat(problem.text()).contains("com.other, which owns it, does not run; sample.inspector");
        });
    }

    @Test
    void whatNobodyDeclaresIsNotTaken() throws Exception {
        bench.engine.undeclared.add(new KindOwners.Undeclared(SampleJar.NAME, "1.1.0", new Offer("policy", "cap")));

        Deployment result = upgrade(bench.jar("1.1.0"));

        assertThat(codes(result)).containsExactly(DeployCode.KIND_UNDECLARED);
        assertThat(bench.engine.serving("sample")).containsExactly("sample.inspector 1.0.0");
    }

    @Test
    void whatRulesNeedIsRemovedByForceOnly() throws Exception {
        assertThat(upgrade(SampleJar.of("1.0.0").named("my.own", "own").write(directory.resolve("in/own.jar"))).done()).isTrue();
        bench.engine.rules.addAll(List.of("web", "mail"));

        Deployment refused = remove("my.own", false);

        assertThat(codes(refused)).containsExactly(DeployCode.NEEDED_BY_RULES);
        assertThat(refused.problems().getFirst().text()).contains("inspector.own", "'web', 'mail'", "--force");
        assertThat(bench.engine.serving("own")).containsExactly("my.own 1.0.0");
        assertThat(remove("my.own", true).done()).isTrue();
        Workbench.await(() -> bench.site.bundles().named("my.own").isEmpty());
    }

    @Test
    void rollBackPassesOverWhatWasTakenBackAndNamesItsTarget() throws Exception {
        for (String version : List.of("1.1.0", "1.2.0")) {
            bench.engine.open(bench.engine.serving().orElseThrow(), FlowView.State.OPEN, Duration.ZERO);
            assertThat(upgrade(bench.jar(version)).done()).isTrue();
        }
        bench.engine.open("1.2.0", FlowView.State.OPEN, Duration.ZERO);
        assertThat(bench.control.impact(SampleJar.NAME).orElseThrow().rollsBackTo()).contains("1.1.0");
        Deployment first = bench.control.rollback(SampleJar.NAME, Workbench.BY);
        assertThat(first.steps()).first().isEqualTo("Goes back from sample.inspector 1.2.0 to 1.1.0.");
        bench.engine.flows.clear();
        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));
        bench.engine.open("1.1.0", FlowView.State.OPEN, Duration.ZERO);

        assertThat(upgrade(bench.jar("1.3.0")).done()).isTrue();

        assertThat(new GenerationFile(directory).read("").takenBack()).containsEntry(SampleJar.NAME, List.of("1.2.0"));
        assertThat(bench.control.bundles()).filteredOn(view -> view.version().equals("1.3.0")).singleElement()
            .satisfies(view -> assertThat(view.rollsBackTo()).contains("1.1.0"));
        assertThat(bench.control.bundles()).filteredOn(view -> view.phase() == BundleView.Phase.DRAINING).singleElement()
            .satisfies(view -> assertThat(view.leaving().orElseThrow().holders()).hasSize(1));
    }

    @Test
    void versionThatDrainsEndsWithinATimeAndAnotherIsNotDrained() throws Exception {
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);
        upgrade(bench.jar("1.1.0"));
        assertThat(codes(bench.control.drain(SampleJar.NAME, "1.1.0", Duration.ZERO, Workbench.BY))).containsExactly(DeployCode.NOT_DRAINING);
        assertThat(codes(bench.control.drain(SampleJar.NAME, "7.0.0", Duration.ZERO, Workbench.BY))).containsExactly(ProblemCode.NOT_FOUND);

        assertThat(bench.control.drain(SampleJar.NAME, "1.0.0", Duration.ofMillis(50), Workbench.BY).done()).isTrue();

        Workbench.await(() -> bench.versions().equals(List.of("1.1.0")));
    }

    @Test
    void impactNamesVersionsThatAreInTheWay() throws Exception {
        bench.settings = new DeploySettings(false, List.of(), Duration.ZERO, 2);
        bench.engine.open("1.0.0", FlowView.State.OPEN, Duration.ZERO);
        upgrade(bench.jar("1.1.0"));

        assertThat(bench.control.impact(SampleJar.NAME).orElseThrow().remarks()).first().asString()
            .contains("refused now", "max_versions", "1.0.0 carries 1 flows", "drainversion");
    }
}
