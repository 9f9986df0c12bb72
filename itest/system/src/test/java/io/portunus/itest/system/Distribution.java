// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The assembled distribution that the tests run. */
final class Distribution {
    private Distribution() {
    }

    /** Its folder. */
    static Path home() {
        return Path.of(System.getProperty("portunus.home"));
    }

    /** Its repository of bundles, in the layout of Maven. */
    static Path repository() {
        return home().resolve("repository");
    }

    /** The jar of a bundle of ours. */
    static Path bundle(String name) {
        try (Stream<Path> versions = Files.walk(repository().resolve("io/portunus").resolve(name))) {
            return versions.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
