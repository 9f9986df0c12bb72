// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The kinds of protocol that the bundles of an installation recognise, as their manifests tell it. Stateless. */
final class InstalledKinds {
    /** Header of a bundle: what it adds to the node, {@code inspector;kind=tls}, several separated by commas. */
    static final String PROVIDES = "Portunus-Provides";
    private static final String INSPECTOR = "inspector";
    private static final String KIND = "kind=";
    /** The contract that an inspector fulfils; the build of its bundle says so by itself. */
    private static final String CONTRACT = "io.portunus.flow.spi.Inspector";

    private InstalledKinds() {
    }

    /** The distribution's bundles and what was deployed. */
    static List<Path> jars(Home home, Path state) {
        return LaunchPlan.of(home.feature("standalone"), home.repository())
            .with(Generation.peek(state), state.resolve("jars"), notice -> { }).jars();
    }

    /** The kinds of some bundles; empty if one of them offers an inspector and does not tell of what. */
    static Optional<Set<String>> of(List<Path> jars) {
        Set<String> kinds = new TreeSet<>();
        boolean told = true;
        for (Path jar : jars) {
            Optional<Attributes> headers = headers(jar);
            List<String> its = headers.map(all -> all.getValue(PROVIDES)).map(InstalledKinds::parse).orElse(List.of());
            kinds.addAll(its);
            told &= !its.isEmpty() || headers.map(all -> all.getValue("Provide-Capability")).filter(offers -> offers.contains(CONTRACT)).isEmpty();
        }
        return told ? Optional.of(kinds) : Optional.empty();
    }

    private static Optional<Attributes> headers(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest()).map(Manifest::getMainAttributes);
        } catch (IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The bundle " + jar + " cannot be read (" + e.getMessage() + "); install Portunus again.", e);
        }
    }

    /** The kinds of the clauses for inspectors. */
    static List<String> parse(String header) {
        return List.of(header.split(",")).stream().map(clause -> List.of(clause.split(";")))
            .filter(parts -> parts.getFirst().strip().equals(INSPECTOR))
            .flatMap(parts -> parts.stream().map(String::strip).filter(part -> part.startsWith(KIND)))
            .map(part -> part.substring(KIND.length()).replace("\"", "")).toList();
    }
}
