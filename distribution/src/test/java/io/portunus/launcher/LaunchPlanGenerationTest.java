// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.launcher.role.Notice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchPlanGenerationTest {
    @TempDir
    private Path directory;
    private Path jars;
    private Path ownTls;
    private Path ownTcp;
    private LaunchPlan feature;
    private final List<Notice> notices = new ArrayList<>();

    @BeforeEach
    void writeDistribution() throws Exception {
        jars = directory.resolve("jars");
        ownTls = SmallJar.write(directory.resolve("own/tls.jar"), "tls", "1.0.0", Map.of());
        ownTcp = SmallJar.write(directory.resolve("own/tcp.jar"), "tcp;singleton:=true", "1.0.0", Map.of());
        feature = new LaunchPlan(List.of(own(ownTls), own(ownTcp)), Map.of());
    }

    @Test
    void isTheFeatureWithoutAGeneration() {
        assertThat(with("")).isEqualTo(feature);
        assertThat(notices).isEmpty();
    }

    @Test
    void putsWhatWasDeployedInTheFeaturesPlace() throws Exception {
        Path newer = deployed("tls", "1.1.0");

        LaunchPlan plan = with(entry("tls", "1.1.0", true));

        assertThat(plan.items()).containsExactly(new LaunchPlan.Item(newer, 20, true, Optional.of(ownTls)), own(ownTcp));
        assertThat(notices).isEmpty();
    }

    @Test
    void addsWhatTheFeatureDoesNotHave() throws Exception {
        Path added = deployed("mine", "1.0.0");

        assertThat(with(entry("mine", "1.0.0", true)).items())
            .containsExactly(own(ownTls), own(ownTcp), new LaunchPlan.Item(added, 20, true, Optional.empty()));
    }

    @Test
    void keepsTheDistributionsOwnBesideWhenSomethingIsPinnedToIt() throws Exception {
        Path newer = deployed("tls", "1.1.0");

        LaunchPlan plan = with("{\"name\":\"tls\",\"version\":\"1.0.0\",\"serves\":false}", entry("tls", "1.1.0", true));

        assertThat(plan.jars()).containsExactly(newer, ownTls, ownTcp);
    }

    @Test
    void letsTheDistributionsOwnServeWithThePinnedOneBeside() throws Exception {
        Path newer = deployed("tls", "1.1.0");

        LaunchPlan plan = with(entry("tls", "1.1.0", false), "{\"name\":\"tls\",\"version\":\"1.0.0\",\"serves\":true}");

        assertThat(plan.jars()).containsExactly(ownTls, newer, ownTcp);
    }

    @Test
    void dropsWhatIsNotNewerThanTheDistributions() throws Exception {
        deployed("tls", "1.0.0");

        assertThat(with(entry("tls", "1.0.0", true))).isEqualTo(feature);
        assertThat(notices).extracting(Notice::event).containsExactly("generation.superseded");
    }

    @Test
    void dropsAJarThatIsMissing() throws Exception {
        deployed("tls", "1.1.0");
        String entry = entry("tls", "1.1.0", true);
        Files.delete(jars.resolve("tls-1.1.0.jar"));

        assertThat(with(entry)).isEqualTo(feature);
        assertThat(notices).extracting(Notice::event).containsExactly("generation.dropped");
    }

    @Test
    void dropsAJarThatIsNotWhatWasDeployed() throws Exception {
        deployed("tls", "1.1.0");
        String entry = entry("tls", "1.1.0", true);
        SmallJar.write(jars.resolve("tls-1.1.0.jar"), "tls", "1.1.0", Map.of("X", "other"));

        assertThat(with(entry)).isEqualTo(feature);
        assertThat(notices).extracting(Notice::event).containsExactly("generation.dropped");
    }

    @Test
    void dropsWhatIsPinnedWhenNothingOfItsNameServes() throws Exception {
        deployed("mine", "1.0.0");

        assertThat(with(entry("mine", "1.0.0", false))).isEqualTo(feature);
    }

    @Test
    void changesTheFingerprintOfTheBundleCache() throws Exception {
        deployed("tls", "1.1.0");

        assertThat(BundleCache.fingerprint("f", with(entry("tls", "1.1.0", true)).jars()))
            .isNotEqualTo(BundleCache.fingerprint("f", feature.jars()));
    }

    @Test
    void countsADamagedFileAsNoneAndKeepsIt() throws Exception {
        Files.writeString(directory.resolve("generation.json"), "{\"format\":1,\"bund");

        assertThat(Generation.read(directory, notices::add).bundles()).isEmpty();

        assertThat(notices).extracting(Notice::event).containsExactly("generation.damaged");
        assertThat(directory.resolve("generation.json")).doesNotExist();
        assertThat(directory.resolve("generation.json.damaged")).exists();
    }

    @Test
    void refusesAFileOutsideOfTheFolder() throws Exception {
        Files.writeString(directory.resolve("generation.json"),
            "{\"format\":1,\"bundles\":[{\"name\":\"a\",\"version\":\"1\",\"file\":\"../own/tls.jar\",\"sha256\":\"00\"}]}");

        assertThat(Generation.read(directory, notices::add).bundles()).isEmpty();
        assertThat(notices).extracting(Notice::event).containsExactly("generation.damaged");
    }

    @Test
    void refusesTwoVersionsThatServe() throws Exception {
        deployed("a", "1.0.0");
        deployed("a", "1.1.0");

        assertThat(with(entry("a", "1.0.0", true), entry("a", "1.1.0", true))).isEqualTo(feature);
    }

    private LaunchPlan with(String... entries) {
        try {
            Files.writeString(directory.resolve("generation.json"), "{\"format\":1,\"distribution\":\"1\",\"unknown\":7,\"bundles\":["
                + String.join(",", entries) + "],\"pins\":[]}");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return feature.with(Generation.read(directory, notices::add), jars, notices::add);
    }

    private static LaunchPlan.Item own(Path jar) {
        return new LaunchPlan.Item(jar, 20, false, Optional.empty());
    }

    private Path deployed(String name, String version) throws Exception {
        return SmallJar.write(jars.resolve(name + "-" + version + ".jar"), name, version, Map.of());
    }

    private String entry(String name, String version, boolean serves) throws Exception {
        String file = name + "-" + version + ".jar";
        return "{\"name\":\"" + name + "\",\"version\":\"" + version + "\",\"file\":\"" + file + "\",\"sha256\":\""
            + SmallJar.sha256(jars.resolve(file)) + "\",\"start_level\":20,\"serves\":" + serves + "}";
    }
}
