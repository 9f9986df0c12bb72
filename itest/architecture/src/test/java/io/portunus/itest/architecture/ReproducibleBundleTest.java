// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two builds of one source give equal bytes. */
class ReproducibleBundleTest {
    /** What a build likes to tell of its time and place. */
    private static final List<String> TELLTALES = List.of("Bnd-LastModified", "Build-Jdk", "Build-Jdk-Spec", "Built-By", "Created-By", "Tool");

    @TempDir
    private Path work;

    static List<BuiltBundle> bundles() {
        return BuiltBundle.all();
    }

    @Test
    void aBundleBuiltAgainHasTheBytesThatMavenBuilt() throws Exception {
        BuiltBundle model = bundles().stream().filter(b -> b.name().equals("model")).findFirst().orElseThrow();

        Path again = new SecondBuild(Checkout.root().resolve("bundles/model"), work).jar(model.header("Bundle-Description").orElseThrow());

        assertThat(again).as("bundles/model as its sources are now, against the jar of the last build").hasSameBinaryContentAs(model.jar());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void everyEntryHasTheTimeOfThePom(BuiltBundle bundle) throws IOException {
        LocalDateTime expected = LocalDateTime.ofInstant(Instant.parse(Checkout.property("portunus.timestamp")), ZoneOffset.UTC);

        try (JarFile jar = new JarFile(bundle.jar().toFile())) {
            assertThat(jar.stream().map(ZipEntry::getTimeLocal)).isNotEmpty().allMatch(expected::equals);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void noHeaderTellsOfTheBuild(BuiltBundle bundle) {
        assertThat(TELLTALES).allSatisfy(h -> assertThat(bundle.header(h)).as(h).isEmpty());
    }
}
