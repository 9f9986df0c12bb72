// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Bundles of one's own, built in a folder far from this checkout, against the jars of the distribution alone. */
final class SampleBundle {
    private SampleBundle() {
    }

    /** Builds a version of the sample inspector. */
    static Path build(Path folder, String version) {
        return build(folder, property("portunus.sample"), "mqtt-" + version);
    }

    /** Builds a version of the sample policy. */
    static Path crowd(Path folder, String version) {
        return build(folder, property("portunus.sample.policy"), "crowd-" + version);
    }

    /** Builds the policy that caps. */
    static Path cap(Path folder) {
        return build(folder, property("portunus.cap"), "cap-1.0.0");
    }

    private static Path build(Path folder, String sources, String name) {
        try {
            Path project = Files.createDirectories(folder.resolve(name));
            copy(Path.of(sources), project);
            List<String> command = new ArrayList<>(List.of(Path.of(property("portunus.maven"), "bin", "mvn").toString(), "-B", "-q",
                "-f", project.resolve("pom.xml").toString(), "-Dmaven.repo.local=" + property("portunus.maven.repository"),
                "-Drevision=" + name.substring(name.indexOf('-') + 1), "-Dportunus.home=" + property("portunus.home"), "package"));
            if (property("portunus.maven.mode").equals("offline true")) {
                command.add("-o");
            }
            Tool.Said said = Tool.run("", command);
            assertThat(said.exitCode()).as(said.text()).isZero();
            return project.resolve("target/" + name + ".jar");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from.resolve("pom.xml"), to.resolve("pom.xml"));
        try (Stream<Path> sources = Files.walk(from.resolve("src"))) {
            for (Path source : sources.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the property " + name + " is set by the build; run this test by Maven");
        }
        return value;
    }
}
