// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two builds of one source give equal bytes: every bundle with sources is built again, without Maven and in another folder, and compared. Of
 * those that are put together from libraries it is proved that they name neither time nor place of their build.
 */
class ReproducibleBundleTest {
    /** Headers by which a build may name its time and place. */
    private static final List<String> BUILD_HEADERS = List.of("Bnd-LastModified", "Build-Jdk", "Build-Jdk-Spec", "Built-By", "Created-By", "Tool");

    /** "/tmp" and "/root" are words that sources may have. */
    private static final int SHORTEST_PLACE = 6;

    @TempDir
    private Path work;

    static List<BuiltBundle> bundles() {
        return BuiltBundle.all();
    }

    /** Those with sources. */
    static List<BuiltBundle> written() {
        return bundles().stream().filter(bundle -> !bundle.name().startsWith("lib-")).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("written")
    void aBundleBuiltAgainHasTheBytesThatMavenBuilt(BuiltBundle bundle) throws Exception {
        Path folder = Checkout.root().resolve("bundles").resolve(bundle.name());

        Path again = new SecondBuild(folder, work).jar(bundle.header("Bundle-Description").orElseThrow());

        assertThat(again).as("bundles/%s as its sources are now, against the jar of the last build", bundle).hasSameBinaryContentAs(bundle.jar());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("written")
    void entriesAreInTheOrderOfTheirNames(BuiltBundle bundle) throws IOException {
        List<String> names = new ArrayList<>();
        // As they lie in the file; a JarFile has an index of its own.
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(bundle.jar()))) {
            for (Optional<ZipEntry> entry = next(zip); entry.isPresent(); entry = next(zip)) {
                names.add(entry.get().getName());
            }
        }

        assertThat(names).isSorted().doesNotHaveDuplicates();
    }

    private static Optional<ZipEntry> next(ZipInputStream zip) throws IOException {
        return Optional.ofNullable(zip.getNextEntry());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void nothingNamesWhereOrByWhomItWasBuilt(BuiltBundle bundle) throws IOException {
        List<String> places = Stream.of("user.dir", "user.home", "java.home", "java.io.tmpdir", "portunus.checkout").map(System::getProperty)
            .filter(place -> place.length() > SHORTEST_PLACE).toList();

        try (JarFile jar = new JarFile(bundle.jar().toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    assertThat(places).as(entry.getName()).noneMatch(bytes::contains);
                    // The first line of a properties file that Java wrote is when it did.
                    boolean ours = entry.getName().startsWith("META-INF/maven/io.portunus/");
                    assertThat(ours && entry.getName().endsWith(".properties") && bytes.startsWith("#")).as(entry.getName()).isFalse();
                }
            }
        }
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
    void noHeaderNamesTheBuild(BuiltBundle bundle) {
        assertThat(BUILD_HEADERS).allSatisfy(h -> assertThat(bundle.header(h)).as(h).isEmpty());
    }
}
