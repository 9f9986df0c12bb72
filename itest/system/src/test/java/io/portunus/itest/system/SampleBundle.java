// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Bundles of one's own, built in a folder far from this checkout, against the sdk of the distribution alone. */
final class SampleBundle {
    private SampleBundle() {
    }

    /** Builds a version of the sample inspector. */
    static Path build(Path folder, String version) {
        return build(folder, sample("inspector"), "mqtt-" + version);
    }

    /** Builds a version of the sample policy. */
    static Path crowd(Path folder, String version) {
        return build(folder, sample("policy"), "crowd-" + version);
    }

    /** Builds the policy that caps. */
    static Path cap(Path folder) {
        return build(folder, Path.of(AuthorsMaven.property("portunus.cap")), "cap-1.0.0");
    }

    private static Path sample(String name) {
        return Distribution.home().resolve("sdk/samples").resolve(name);
    }

    /** The samples' own tests are those of the sdk: {@link SdkTest}. */
    private static Path build(Path folder, Path sources, String name) {
        Path project = copy(sources, folder.resolve(name));
        new AuthorsMaven(Distribution.home()).run(project, "-Drevision=" + name.substring(name.indexOf('-') + 1), "-Dmaven.test.skip=true",
            "package");
        return project.resolve("target/" + name + ".jar");
    }

    /** Copies a project, without what was made of it. */
    static Path copy(Path from, Path to) {
        try (Stream<Path> sources = Files.walk(from.resolve("src"))) {
            Files.createDirectories(to);
            Files.copy(from.resolve("pom.xml"), to.resolve("pom.xml"));
            for (Path source : sources.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
