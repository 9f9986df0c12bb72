// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed lists against the repository that the build of {@code features} made: versions are written in both. */
class FeatureFilesTest {
    private static final Path FEATURES = Path.of("..", "features");
    private static final Repository REPOSITORY = new Repository(FEATURES.resolve("target").resolve("repository"));

    /** The phase "test" makes no jars; "verify", the test command, does. */
    @BeforeEach
    void needsTheRepository() {
        assumeThat(REPOSITORY.root()).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "check", "stats"})
    void nameOnlyJarsThatAreInTheRepository(String name) {
        FeatureFile feature = FeatureFile.read(FEATURES.resolve(name + ".json"));

        assertThat(feature.bundles()).allSatisfy(entry -> assertThat(REPOSITORY.jar(entry.id())).isNotEmptyFile());
    }

    @Test
    void nameEveryJarOfTheRepository() throws IOException {
        Set<Path> listed = new TreeSet<>();
        for (String name : List.of("standalone", "check", "stats")) {
            FeatureFile feature = FeatureFile.read(FEATURES.resolve(name + ".json"));
            feature.bundles().forEach(entry -> listed.add(REPOSITORY.jar(entry.id())));
            assertThat(feature.bundles()).doesNotHaveDuplicates();
        }

        try (var tree = Files.walk(REPOSITORY.root())) {
            assertThat(tree.filter(file -> file.toString().endsWith(".jar"))).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void startTheLineEditorOfTheTerminalAfterEverythingElse() {
        FeatureFile feature = FeatureFile.read(FEATURES.resolve("standalone.json"));

        assertThat(feature.bundles()).filteredOn(entry -> entry.startLevel() > Appliance.FORWARDING_LEVEL)
            .extracting(entry -> entry.id().artifact()).containsExactly("org.apache.felix.gogo.jline");
    }
}
