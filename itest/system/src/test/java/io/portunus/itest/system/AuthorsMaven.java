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

/**
 * Maven as somebody has it who writes a bundle: its repository has what this build has fetched of others, and nothing of ours, so that whatever a
 * project needs of ours comes from the sdk. Without a network if this build has none. Confined to one test.
 */
final class AuthorsMaven {
    /** A build of one small project, on a machine that builds something else. */
    private static final int SECONDS = 300;

    private final Path repository;
    private final Path portunus;

    /**
     * Such a Maven, with a repository of its own among what the build makes.
     *
     * @param portunus what {@code PORTUNUS} names
     */
    AuthorsMaven(Path portunus) {
        this.portunus = portunus;
        try {
            repository = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "m2-");
            Path build = Path.of(property("portunus.maven.repository"));
            link(build, repository, "io");
            link(build.resolve("io"), Files.createDirectories(repository.resolve("io")), "portunus");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each entry is a link to that of the build, but one. */
    private static void link(Path from, Path to, String but) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(e -> !e.getFileName().toString().equals(but)).toList()) {
                Path link = to.resolve(entry.getFileName());
                if (Files.notExists(link)) {
                    Files.createSymbolicLink(link, entry);
                }
            }
        }
    }

    /** Runs it in a folder, to its good end. */
    String run(Path folder, String... words) {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of("-B", "-q"));
        command.addAll(List.of(words));
        Tool.Said said = Tool.run(new ProcessBuilder(command).directory(folder.toFile()), portunus, SECONDS);
        assertThat(said.exitCode()).as(said.text()).isZero();
        return said.text();
    }

    /** Its program with the options that make it this one. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(Path.of(property("portunus.maven"), "bin", "mvn").toString(),
            "-Dmaven.repo.local=" + repository));
        if (property("portunus.maven.mode").equals("offline true")) {
            // Repositories that are folders are asked all the same.
            command.addAll(List.of("-o", "-Daether.offline.protocols=file"));
        }
        return command;
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the property " + name + " is set by the build; run this test by Maven");
        }
        return value;
    }
}
