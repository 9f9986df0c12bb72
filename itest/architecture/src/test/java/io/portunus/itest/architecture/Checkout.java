// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Places and values that the build gives its tests. */
final class Checkout {
    private Checkout() {
    }

    /** The root of the sources. */
    static Path root() {
        return Path.of(property("portunus.checkout"));
    }

    /** Every jar that the features name, laid out as a Maven repository. */
    static Path bundles() {
        return Path.of(property("portunus.bundles"));
    }

    /** The distribution as it is installed. */
    static Path assembled() {
        return root().resolve("distribution/target/portunus-" + property("portunus.version"));
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the build must set the property " + name);
        }
        return value;
    }

    /** Folders of bundles, sorted by name. */
    static List<Path> bundleFolders() {
        try (Stream<Path> folders = Files.list(root().resolve("bundles"))) {
            return folders.filter(f -> Files.exists(f.resolve("pom.xml"))).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
