// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A bundle that gives flows nothing and holds a post, as a surface does, is replaced. */
@Timeout(60)
class TakeOverTest {
    private static final String DOOR = "door";
    private static final String HELD_BY = "portunus.test.post";
    private static final String ERRAND_OVER = "portunus.test.errand.over";
    @TempDir
    private Path directory;
    private Workbench bench;

    @BeforeEach
    void open() throws Exception {
        System.clearProperty(HELD_BY);
        System.clearProperty(ERRAND_OVER);
        bench = new Workbench(directory);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private Bundle distributed(String post) throws Exception {
        Bundle own = bench.framework.getBundleContext().installBundle(JarStore.location(jar("1.0.0", post)));
        own.adapt(BundleStartLevel.class).setStartLevel(9);
        own.start();
        return own;
    }

    private Path jar(String version, String post) throws Exception {
        return SampleJar.of(version).with("Bundle-SymbolicName", DOOR).with("X-Post", post).with("X-Handover", "yes").flowless()
            .write(directory.resolve("in/door-" + version + ".jar"));
    }

    private Deployment upgrade(String version, String post) throws Exception {
        return bench.control.upgrade(jar(version, post), Workbench.BY, Optional.empty(), Set.of());
    }

    private static String heldBy() {
        return Objects.toString(System.getProperty(HELD_BY), "").strip();
    }

    private List<String> versions() {
        return bench.site.bundles().named(DOOR).stream().map(bundle -> bundle.getVersion().toString()).toList();
    }

    @Test
    void theNewerTakesThePostWhenTheOlderHasLeftIt() throws Exception {
        distributed("yes");

        Deployment result = upgrade("1.1.0", "yes");

        assertThat(result.problems()).isEmpty();
        assertThat(heldBy()).isEqualTo("+1.0.0 -1.0.0 +1.1.0");
        assertThat(result.steps()).contains("door 1.1.0 serves in place of 1.0.0.");
        Workbench.await(() -> versions().equals(List.of("1.1.0")));
    }

    @Test
    void aRollBackGivesItBack() throws Exception {
        distributed("yes");
        upgrade("1.1.0", "yes");
        upgrade("1.2.0", "yes");

        Deployment result = bench.control.rollback(DOOR, Workbench.BY);

        assertThat(result.problems()).isEmpty();
        assertThat(heldBy()).isEqualTo("+1.0.0 -1.0.0 +1.1.0 -1.1.0 +1.2.0 -1.2.0 +1.1.0");
        assertThat(System.getProperty("portunus.test.taken")).isEqualTo("1.2.0");
    }

    @Test
    void oneThatDoesNotServeWithItGivesItBack() throws Exception {
        distributed("yes");

        Deployment result = upgrade("1.1.0", "hindered");

        assertThat(result.problems()).extracting(Problem::code).containsExactly(DeployCode.START_FAILED);
        assertThat(result.problems().getFirst().text()).contains("does not take over", "the hinges are rusty");
        Workbench.await(() -> heldBy().equals("+1.0.0 -1.0.0 +1.1.0 -1.1.0 +1.0.0"));
        assertThat(System.getProperty("portunus.test.taken")).isEqualTo("1.1.0");
        Workbench.await(() -> versions().equals(List.of("1.0.0")));
    }

    @Test
    void oneThatFailsItsCheckHasTakenNothing() throws Exception {
        distributed("yes");

        Deployment result = bench.control.upgrade(SampleJar.of("1.1.0").with("Bundle-SymbolicName", DOOR).with("X-Post", "yes")
            .with("X-Check", "problem").flowless().write(directory.resolve("in/bad.jar")), Workbench.BY, Optional.empty(), Set.of());

        assertThat(result.done()).isFalse();
        Workbench.await(() -> versions().equals(List.of("1.0.0")));
        assertThat(heldBy()).isEqualTo("+1.0.0");
    }

    @Test
    void whereTheOlderDidNotServeTheNewerNeedNot() throws Exception {
        distributed("hindered");

        assertThat(upgrade("1.1.0", "hindered").done()).isTrue();
    }

    @Test
    void oneThatStillHasAnAnswerToGiveStaysUntilItIsGiven() throws Exception {
        distributed("busy");

        assertThat(upgrade("1.1.0", "yes").done()).isTrue();
        bench.site.drain().sweep();
        assertThat(heldBy()).isEqualTo("+1.0.0 -1.0.0 +1.1.0");
        assertThat(versions()).containsExactly("1.0.0", "1.1.0");

        System.setProperty(ERRAND_OVER, "true");
        Workbench.await(() -> versions().equals(List.of("1.1.0")));
    }

    @Test
    void aVersionStartsAtTheLevelOfTheOneItReplaces() throws Exception {
        distributed("yes");

        upgrade("1.1.0", "yes");

        assertThat(bench.site.bundles().find(DOOR, "1.1.0").orElseThrow().adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(9);
    }
}
