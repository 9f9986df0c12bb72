// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** The distribution's own versions of bundles, which may be asked for after they were replaced. Thread-safe. */
final class DistributionJars {
    private final Optional<Path> repository;
    private final Map<String, Origin> known = new ConcurrentHashMap<>();
    /** Names that it does not have: it does not change while the node runs. As many as were ever deployed. */
    private final Set<String> absent = ConcurrentHashMap.newKeySet();

    /**
     * Where a bundle of the distribution comes from.
     *
     * @param version its version
     * @param location what the framework installs it from
     * @param offers what its manifest declares
     */
    record Origin(Version version, String location, List<Offer> offers) {
        Origin {
            offers = List.copyOf(offers);
        }
    }

    DistributionJars(Optional<Path> repository) {
        this.repository = repository.filter(Files::isDirectory);
    }

    /** Notes where a bundle of the distribution that runs comes from. */
    void add(Bundle bundle, List<Offer> offers) {
        known.put(bundle.getSymbolicName(), new Origin(bundle.getVersion(), bundle.getLocation(), offers));
    }

    /** The distribution's version of a bundle. One that was replaced before this start is looked for in the repository. */
    Optional<Origin> find(String name) {
        return Optional.ofNullable(known.get(name)).or(() -> absent.contains(name) ? Optional.empty() : search(name));
    }

    private Optional<Origin> search(String name) {
        if (repository.isEmpty()) {
            return Optional.empty();
        }
        List<Path> jars;
        try (var tree = Files.walk(repository.get())) {
            jars = tree.filter(file -> file.toString().endsWith(".jar")).toList();
        } catch (IOException e) {
            return Optional.empty();
        }
        Optional<Origin> found = jars.stream().flatMap(jar -> origin(jar, name).stream()).findFirst();
        found.ifPresentOrElse(origin -> known.put(name, origin), () -> absent.add(name));
        return found;
    }

    private static Optional<Origin> origin(Path jar, String name) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest()).map(Manifest::getMainAttributes)
                .filter(headers -> Optional.ofNullable(headers.getValue(Constants.BUNDLE_SYMBOLICNAME)).orElse("").split(";", 2)[0].strip()
                    .equals(name))
                .map(headers -> new Origin(Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION)), JarStore.location(jar),
                    Offer.declared(Optional.ofNullable(headers.getValue(Offer.HEADER)).orElse(""))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
