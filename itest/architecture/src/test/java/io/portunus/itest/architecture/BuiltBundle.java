// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import aQute.bnd.osgi.Domain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A bundle of ours as it was built. Immutable.
 *
 * @param name name of its folder
 * @param jar its file
 * @param headers its manifest
 */
record BuiltBundle(String name, Path jar, Domain headers) {
    /** Every bundle of ours that a feature names, by name. */
    static List<BuiltBundle> all() {
        try (Stream<Path> files = Files.walk(Checkout.bundles().resolve("io/portunus"))) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().map(BuiltBundle::open).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BuiltBundle open(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            // A Maven repository: .../artifact/version/artifact-version.jar
            String name = jar.getName(jar.getNameCount() - 3).toString();
            return new BuiltBundle(name, jar, Domain.domain(file.getManifest()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Collection<String> exports() {
        return headers.getExportPackage().keySet();
    }

    Collection<String> imports() {
        return headers.getImportPackage().keySet();
    }

    Optional<String> header(String key) {
        return Optional.ofNullable(headers.get(key));
    }

    @Override
    public String toString() {
        return name;
    }
}
