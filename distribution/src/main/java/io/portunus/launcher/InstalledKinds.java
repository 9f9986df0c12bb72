// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.model.Offer;
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
    /** In front of the name of a contract that a bundle fulfils; its build declares it by itself. */
    private static final String CONTRACTS = "io.portunus.flow.spi.";

    private InstalledKinds() {
    }

    /**
     * The distribution's bundles and what was deployed.
     *
     * @param deployed whether the start has the latter
     */
    static List<Path> jars(Home home, String feature, Path state, boolean deployed) {
        LaunchPlan own = LaunchPlan.of(home.feature(feature), home.repository());
        return (deployed ? own.with(Generation.peek(state), state.resolve("jars"), notice -> { }) : own).jars();
    }

    /** The kinds by role; without a role that one of the bundles has and does not declare of what kind. */
    static Map<String, Set<String>> of(List<Path> jars) {
        List<Attributes> all = jars.stream().flatMap(jar -> headers(jar).stream()).toList();
        Map<String, Set<String>> kinds = new TreeMap<>();
        Map.of("inspector", "Inspector", "datagram_inspector", "DatagramInspector", "policy", "Policy")
            .forEach((role, contract) -> declared(all, role, contract).ifPresent(its -> kinds.put(role, its)));
        return kinds;
    }

    private static Optional<Set<String>> declared(List<Attributes> bundles, String role, String contract) {
        Set<String> kinds = new TreeSet<>();
        boolean complete = true;
        for (Attributes headers : bundles) {
            List<String> its = Optional.ofNullable(headers.getValue(Offer.HEADER)).map(header -> Offer.kinds(header, role)).orElse(List.of());
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
}
