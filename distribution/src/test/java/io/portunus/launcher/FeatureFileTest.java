// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFileTest {
    private static final String HEAD = "{\"feature-resource-version\":\"1.0\",\"id\":\"io.portunus:standalone:1.0\",\"bundles\":";

    @Test
    void readsBundlesInTheirOrderWithTheirStartLevels() {
        FeatureFile feature = FeatureFile.parse(HEAD + "[{\"id\":\"g.h:b:2.0\",\"start-level\":5},{\"id\":\"g:a:1.0-SNAPSHOT\"}]}");

        assertThat(feature.id()).hasToString("io.portunus:standalone:1.0");
        assertThat(feature.bundles()).containsExactly(
            new FeatureFile.Entry(new Coordinates("g.h", "b", "2.0"), 5),
            new FeatureFile.Entry(new Coordinates("g", "a", "1.0-SNAPSHOT"), FeatureFile.DEFAULT_START_LEVEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{\"id\":\"g:b\"}]}", "[{\"id\":\"g:../b:1\"}]}", "[{\"id\":\"g:b:1\",\"start-level\":0}]}",
        "[{\"id\":\"g:b:1\",\"start-level\":\"5\"}]}", "[{}]}", "[]}", "5}"})
    void refusesWhatNamesNoBundle(String bundles) {
        assertThatThrownBy(() -> FeatureFile.parse(HEAD + bundles)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> FeatureFile.parse("{\"feature-resource-version\":\"2.0\"}"))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2.0");
    }

    @Test
    void namesTheFileThatIsMalformed(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("broken.json"), "{");

        assertThatThrownBy(() -> FeatureFile.read(file))
            .isInstanceOfSatisfying(LaunchException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED))
            .hasMessageContaining("broken.json");
    }
}
