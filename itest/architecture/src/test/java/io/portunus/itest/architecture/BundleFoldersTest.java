// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a bundle's folder holds (house.md section 2). */
class BundleFoldersTest {
    private static final int POM_LINES = 35;
    private static final int README_LINES = 40;

    static List<Path> folders() {
        return Checkout.bundleFolders();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("folders")
    void pomHasDependenciesOnly(Path folder) throws IOException {
        List<String> pom = Files.readAllLines(folder.resolve("pom.xml"));

        assertThat(pom).hasSizeLessThanOrEqualTo(POM_LINES);
        assertThat(pom).filteredOn(line -> line.contains("<plugin>")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("folders")
    void readmeIsThereAndShort(Path folder) throws IOException {
        assertThat(folder.resolve("README.md")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("README.md"))).hasSizeLessThanOrEqualTo(README_LINES);
    }
}
