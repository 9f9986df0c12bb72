// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * Where a roll-back goes: to what served before, as was put down; after that to what is older, deployed or the distribution's. Versions that were
 * taken back are passed over, and those that nobody signed who may. Immutable.
 *
 * @param target the version; empty if there is none
 * @param remarks about versions that would have been it, a sentence each
 */
record WayBack(Optional<String> target, List<String> remarks) {
    WayBack {
        remarks = List.copyOf(remarks);
    }

    /** From the version that serves. */
    static WayBack from(Site site, Bundle serving) {
        String name = serving.getSymbolicName();
        Set<String> candidates = new LinkedHashSet<>(site.ledger().line(name).map(Ledger.Line::before).orElse(List.of()));
        List<Version> older = new ArrayList<>(site.store().versions(name));
        site.bundles().named(name).forEach(bundle -> older.add(bundle.getVersion()));
        site.distribution().find(name).ifPresent(origin -> older.add(origin.version()));
        older.stream().filter(version -> version.compareTo(serving.getVersion()) < 0).sorted(Comparator.reverseOrder())
            .forEach(version -> candidates.add(version.toString()));
        candidates.remove(serving.getVersion().toString());
        List<String> back = site.ledger().takenBack(name);
        List<String> remarks = new ArrayList<>();
        for (String version : candidates) {
            Optional<String> distrust = deployed(site, name, version) ? site.trust().complaint(name, version) : Optional.empty();
            if (back.contains(version)) {
                remarks.add(version + " was taken back, and is passed over.");
            } else if (distrust.isPresent()) {
                remarks.add(version + " is passed over: it " + distrust.get());
            } else if (available(site, name, version)) {
                return new WayBack(Optional.of(version), remarks);
            }
        }
        return new WayBack(Optional.empty(), remarks);
    }

    private static boolean deployed(Site site, String name, String version) {
        return site.bundles().find(name, version).map(site.store()::holds).orElseGet(() -> Files.exists(site.store().path(name, version)));
    }

    private static boolean available(Site site, String name, String version) {
        return site.bundles().find(name, version).isPresent() || Files.exists(site.store().path(name, version))
            || site.distribution().find(name).filter(origin -> origin.version().toString().equals(version)).isPresent();
    }
}
