// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Constants;

/** Compares the manifest of every built bundle with {@code layers.txt}. */
class LayeringTest {
    static List<BuiltBundle> bundles() {
        return BuiltBundle.all();
    }

    @Test
    void everyFolderOfBundlesIsLookedAt() {
        assertThat(bundles()).extracting(BuiltBundle::name)
            .containsExactlyInAnyOrderElementsOf(Checkout.bundleFolders().stream().map(f -> f.getFileName().toString()).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void importsAndExportsStayInTheirLayer(BuiltBundle bundle) throws IOException {
        Layers layers = Layers.parse(Files.readAllLines(Checkout.root().resolve("itest/architecture/layers.txt")));

        assertThat(layers.breaches(bundle.name(), bundle.exports(), bundle.imports())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void nobodyGoesRoundTheImports(BuiltBundle bundle) {
        assertThat(List.of(Constants.REQUIRE_BUNDLE, Constants.DYNAMICIMPORT_PACKAGE, Constants.FRAGMENT_HOST, Constants.BUNDLE_CLASSPATH,
            Constants.BUNDLE_ACTIVATOR, Constants.BUNDLE_NATIVECODE)).allSatisfy(h -> assertThat(bundle.header(h)).as(h).isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void folderSymbolicNameAndPackageAreOneName(BuiltBundle bundle) throws IOException {
        assertThat(bundle.headers().getBundleSymbolicName().getKey()).isEqualTo("io.portunus." + bundle.name());
        assertThat(packages(bundle.jar())).filteredOn(p -> p.startsWith("io.portunus")).isEqualTo(packagesOf(bundle.name()));
    }

    private static List<String> packagesOf(String bundle) {
        return switch (bundle) {
            case String library when library.startsWith("lib-") -> List.of();
            case "flow.api" -> List.of("io.portunus.flow.api", "io.portunus.flow.spi");
            default -> List.of("io.portunus." + bundle);
        };
    }

    private static List<String> packages(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class") && n.indexOf('/') > 0)
                .map(n -> n.substring(0, n.lastIndexOf('/')).replace('/', '.')).distinct().sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void onlyWrappersHoldForeignClasses(BuiltBundle bundle) throws IOException {
        Stream<String> foreign = packages(bundle.jar()).stream().filter(p -> !p.startsWith("io.portunus."));

        assertThat(foreign.findFirst().isPresent()).isEqualTo(bundle.name().startsWith("lib-"));
    }
}
