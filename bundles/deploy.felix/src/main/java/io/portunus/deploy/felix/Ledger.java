// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Which version of each bundle serves, which served before, and the pins: what {@code generation.json} keeps. A change is in force when it
 * is on disk, or not at all. Thread-safe.
 */
final class Ledger {
    private final GenerationFile file;
    private final String distribution;
    private final Bundles bundles;
    private final JarStore store;
    private Map<String, Line> lines = Map.of();
    private List<VersionPin> pins = List.of();

    /**
     * The versions of one bundle.
     *
     * @param serving the one that new flows get
     * @param before those that served before it, the last first
     */
    record Line(String serving, List<String> before) {
        Line {
            before = List.copyOf(before);
        }

        /** After an upgrade. */
        Line next(String version, int maxVersions) {
            List<String> older = new ArrayList<>(List.of(serving));
            before.stream().filter(entry -> !entry.equals(version)).limit(maxVersions - 2L).forEach(older::add);
            return new Line(version, older);
        }

        /** After a roll-back. */
        Line back(String version) {
            int at = before.indexOf(version);
            return new Line(version, at < 0 ? List.of() : before.subList(at + 1, before.size()));
        }
    }

    Ledger(GenerationFile file, String distribution, Bundles bundles, JarStore store) {
        this.file = file;
        this.distribution = distribution;
        this.bundles = bundles;
        this.store = store;
    }

    /** Takes what was kept, as far as it runs; returns the entries that do not. */
    synchronized List<Generation.Entry> load() {
        Generation kept = file.read(distribution);
        List<Generation.Entry> gone = new ArrayList<>();
        Map<String, Line> found = new HashMap<>();
        for (Generation.Entry entry : kept.bundles()) {
            if (bundles.find(entry.name(), entry.version()).isEmpty()) {
                gone.add(entry);
            } else if (entry.serves()) {
                found.put(entry.name(), new Line(entry.version(), entry.before()));
            }
        }
        lines = found;
        pins = kept.pins().stream().limit(FlowVersions.MAX_PINS).toList();
        return gone;
    }

    synchronized Map<String, Line> lines() {
        return Map.copyOf(lines);
    }

    /** Whether a damaged generation waits for somebody to look at it. */
    boolean damaged() {
        return file.damaged();
    }

    /** What is known of a bundle; empty for one that was never changed. */
    synchronized Optional<Line> line(String name) {
        return Optional.ofNullable(lines.get(name));
    }

    synchronized List<VersionPin> pins() {
        return pins;
    }

    synchronized boolean pinned(String name, String version) {
        return pins.stream().anyMatch(pin -> pin.bundle().equals(name) && pin.version().equals(version));
    }

    /** Whether the jar of a version may still be needed. */
    synchronized boolean needs(String name, String version) {
        return pinned(name, version) || line(name).filter(line -> line.serving().equals(version) || line.before().contains(version)).isPresent();
    }

    /** Deletes the jars of a bundle that neither serve, nor are pinned or installed, nor may be rolled back to. */
    void prune(String name) {
        for (Version version : store.versions(name)) {
            if (!needs(name, version.toString()) && !bundles.installed(JarStore.location(store.path(name, version.toString())))) {
                store.discard(store.path(name, version.toString()));
            }
        }
    }

    /** Puts down which version serves; an empty line forgets the bundle. */
    synchronized void serve(String name, Optional<Line> line) {
        Map<String, Line> newer = new HashMap<>(lines);
        newer.remove(name);
        line.ifPresent(there -> newer.put(name, there));
        save(newer, pins);
    }

    /** Does something that first looks at the pins and then replaces them. */
    synchronized <T> T exclusively(Supplier<T> act) {
        return act.get();
    }

    /** Replaces the pins. */
    synchronized void pins(List<VersionPin> newer) {
        save(lines, newer);
    }

    private void save(Map<String, Line> newerLines, List<VersionPin> newerPins) {
        try {
            file.write(new Generation(distribution, entries(newerLines, newerPins), newerPins));
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The generation cannot be written (" + e + "); nothing was changed.");
        }
        lines = Map.copyOf(newerLines);
        pins = List.copyOf(newerPins);
    }

    /** What serves, and what is pinned beside it. A bundle of which only the distribution's version remains needs no entry. */
    private List<Generation.Entry> entries(Map<String, Line> newerLines, List<VersionPin> newerPins) {
        List<Generation.Entry> entries = new ArrayList<>();
        new TreeMap<>(newerLines).forEach((name, line) -> {
            Set<String> versions = new LinkedHashSet<>(List.of(line.serving()));
            newerPins.stream().filter(pin -> pin.bundle().equals(name)).forEach(pin -> versions.add(pin.version()));
            List<Generation.Entry> its = versions.stream().flatMap(version -> bundles.find(name, version).stream())
                .map(bundle -> entry(bundle, line)).toList();
            if (its.stream().anyMatch(entry -> entry.jar().isPresent())) {
                entries.addAll(its);
            }
        });
        return entries;
    }

    private Generation.Entry entry(Bundle bundle, Line line) {
        String name = bundle.getSymbolicName();
        String version = bundle.getVersion().toString();
        boolean serves = version.equals(line.serving());
        Optional<Generation.Jar> jar = Optional.of(store.path(name, version)).filter(path -> store.holds(bundle))
            .map(path -> new Generation.Jar(String.valueOf(path.getFileName()), JarStore.sha256(path)));
        return new Generation.Entry(name, version, jar, bundle.adapt(BundleStartLevel.class).getStartLevel(), serves,
            serves ? line.before() : List.of());
    }
}
