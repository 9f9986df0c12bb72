// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The kinds that the bundles of an installation provide and rules may name, as their manifests declare it. Stateless. */
final class InstalledKinds {
    /** Header of a bundle: what it adds to the node, {@code inspector;kind=tls}, several separated by commas. */
    static final String PROVIDES = "Portunus-Provides";
    private static final String KIND = "kind=";
    /** In front of the name of a contract that a bundle fulfils; its build declares it by itself. */
    private static final String CONTRACTS = "io.portunus.flow.spi.";

    private InstalledKinds() {
    }

    /** The distribution's bundles and what was deployed. */
    static List<Path> jars(Home home, String feature, Path state) {
        return LaunchPlan.of(home.feature(feature), home.repository())
            .with(Generation.peek(state), state.resolve("jars"), notice -> { }).jars();
    }

    /** The kinds by role; without a role that one of the bundles has and does not declare of what kind. */
    static Map<String, Set<String>> of(List<Path> jars) {
        List<Attributes> all = jars.stream().flatMap(jar -> headers(jar).stream()).toList();
        Map<String, Set<String>> kinds = new TreeMap<>();
        Map.of("inspector", "Inspector", "policy", "Policy")
            .forEach((role, contract) -> declared(all, role, contract).ifPresent(its -> kinds.put(role, its)));
        return kinds;
    }

    private static Optional<Set<String>> declared(List<Attributes> bundles, String role, String contract) {
        Set<String> kinds = new TreeSet<>();
        boolean complete = true;
        for (Attributes headers : bundles) {
            List<String> its = Optional.ofNullable(headers.getValue(PROVIDES)).map(header -> parse(header, role)).orElse(List.of());
            kinds.addAll(its);
            complete &= !its.isEmpty() || Optional.ofNullable(headers.getValue("Provide-Capability"))
                .filter(offers -> offers.contains(CONTRACTS + contract)).isEmpty();
        }
        return complete ? Optional.of(kinds) : Optional.empty();
    }

    private static Optional<Attributes> headers(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest()).map(Manifest::getMainAttributes);
        } catch (IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The bundle " + jar + " cannot be read (" + e.getMessage() + "); install Portunus again.", e);
        }
    }

    /** The kinds of the clauses for a role. */
    static List<String> parse(String header, String role) {
        return List.of(header.split(",")).stream().map(clause -> List.of(clause.split(";")))
            .filter(parts -> parts.getFirst().strip().equals(role))
            .flatMap(parts -> parts.stream().map(String::strip).filter(part -> part.startsWith(KIND)))
            .map(part -> part.substring(KIND.length()).replace("\"", "")).toList();
    }
}
