// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.launcher.role.Notice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

@Timeout(30)
class LaunchInstallationTest {
    @TempDir
    private Path directory;
    private Framework framework;
    private final List<Notice> notices = new ArrayList<>();

    @BeforeEach
    void init() throws Exception {
        framework = new FrameworkFactory().newFramework(
            Map.of(Constants.FRAMEWORK_STORAGE, directory.resolve("cache").toString(), "felix.log.level", "0"));
        framework.init();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void uninstallsWhatAnUpgradeThatWasKilledLeft() throws Exception {
        Path own = SmallJar.write(directory.resolve("own.jar"), "a", "1.0.0", Map.of());
        Path stray = SmallJar.write(directory.resolve("jars/a-1.1.0.jar"), "a", "1.1.0", Map.of());
        framework.getBundleContext().installBundle(LaunchPlan.Item.location(stray));

        install(new LaunchPlan.Item(own, 20, false, Optional.empty()));

        assertThat(versions()).containsExactly("1.0.0");
        assertThat(notices).isEmpty();
    }

    @Test
    void fallsBackToTheDistributionsWhenTheDeployedOneDoesNotResolve() throws Exception {
        Path own = SmallJar.write(directory.resolve("own.jar"), "a", "1.0.0", Map.of());
        Path broken = SmallJar.write(directory.resolve("jars/a-1.1.0.jar"), "a", "1.1.0", Map.of("Import-Package", "not.there"));

        List<Bundle> bundles = install(new LaunchPlan.Item(broken, 20, true, Optional.of(own)));

        assertThat(bundles).singleElement().satisfies(bundle -> {
            assertThat(bundle.getVersion()).hasToString("1.0.0");
            assertThat(bundle.getState()).isEqualTo(Bundle.RESOLVED);
        });
        assertThat(versions()).containsExactly("1.0.0");
        assertThat(notices).singleElement().satisfies(notice -> {
            assertThat(notice.event()).isEqualTo("generation.failed");
            assertThat(notice.message()).contains("a 1.1.0").contains("not.there");
        });
    }

    @Test
    void fallsBackToTheDistributionsWhenTheDeployedOneIsNoBundle() throws Exception {
        Path own = SmallJar.write(directory.resolve("own.jar"), "a", "1.0.0", Map.of());
        Path broken = SmallJar.write(directory.resolve("jars/a-1.1.0.jar"), "a", "one", Map.of());

        assertThat(install(new LaunchPlan.Item(broken, 20, true, Optional.of(own)))).hasSize(1);
        assertThat(notices).hasSize(1);
    }

    @Test
    void keepsADistributionsBundleThatDoesNotResolveForTheOneWhoComplains() throws Exception {
        Path own = SmallJar.write(directory.resolve("own.jar"), "a", "1.0.0", Map.of("Import-Package", "not.there"));

        assertThat(install(new LaunchPlan.Item(own, 20, false, Optional.empty()))).extracting(Bundle::getState).containsExactly(Bundle.INSTALLED);
        assertThat(notices).isEmpty();
    }

    private List<Bundle> install(LaunchPlan.Item... items) throws Exception {
        return new Installation(new LaunchPlan(List.of(items), Map.of()), framework.getBundleContext(), notices::add).install();
    }

    private List<String> versions() {
        return Arrays.stream(framework.getBundleContext().getBundles()).filter(bundle -> bundle.getBundleId() != 0)
            .map(bundle -> bundle.getVersion().toString()).toList();
    }
}
