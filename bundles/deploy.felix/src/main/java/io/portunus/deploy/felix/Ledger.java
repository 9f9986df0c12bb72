// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Which version of each bundle serves, which served before, and the pins: what {@code generation.json} keeps. A change is in force when it
 * is on disk, or not at all. Thread-safe.
 */
final class Ledger {
    /** Versions of a bundle that were taken back and are passed over; of more the last count. */
    private static final int MOST_TAKEN_BACK = 16;
    private final GenerationFile file;
    private final String distribution;
    private final Bundles bundles;
    private final JarStore store;
    private Map<String, Line> lines = Map.of();
    private List<VersionPin> pins = List.of();
    private Claims claims = Claims.NONE;
    private Map<String, List<String>> takenBack = Map.of();
    /** What was left out at the start, and is kept for the next: as many as the file has. */
    private List<Generation.Entry> leftOut = List.of();

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
        claims = kept.claims();
        takenBack = kept.takenBack();
        return gone;
    }

    /** Keeps entries that do not run, because the launcher left out what was deployed. */
    synchronized void keep(List<Generation.Entry> absent) {
        leftOut = List.copyOf(absent);
    }

    /** What was left out at the start, until another version of its bundle serves or it is removed. */
    synchronized List<Generation.Entry> leftOut() {
        return leftOut.stream().filter(entry -> !lines.containsKey(entry.name())).toList();
    }

    /** Forgets what was left out of a bundle; whether there was any. */
    synchronized boolean forget(String name) {
        List<Generation.Entry> kept = leftOut.stream().filter(entry -> !entry.name().equals(name)).toList();
        boolean any = kept.size() < leftOut.size();
        if (any) {
            List<Generation.Entry> former = leftOut;
            leftOut = kept;
            try {
                save(new Kept(lines, pins, claims, takenBack));
            } catch (DeployException e) {
                leftOut = former;
                throw e;
            }
        }
        return any;
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
        return leftOut.stream().anyMatch(entry -> entry.name().equals(name) && (entry.version().equals(version) || entry.before().contains(version)))
            || pinned(name, version) || line(name).filter(line -> line.serving().equals(version) || line.before().contains(version)).isPresent();
    }

    /** Deletes the jars of a bundle that neither serve, nor are pinned or installed, nor may be rolled back to. */
    void prune(String name) {
        for (Version version : store.versions(name)) {
            if (!needs(name, version.toString()) && !bundles.installed(JarStore.location(store.path(name, version.toString())))) {
                store.discard(store.path(name, version.toString()));
            }
        }
    }

    /** Whose the kinds are, as it was put down. */
    synchronized Claims claims() {
        return claims;
    }

    /** Versions of a bundle that were taken back, the last first. */
    synchronized List<String> takenBack(String name) {
        return Optional.ofNullable(takenBack.get(name)).orElse(List.of());
    }

    /** Puts down which version serves, and whose the kinds are; an empty line forgets the bundle. A version that serves was not taken back. */
    synchronized void serve(String name, Optional<Line> line, Claims newerClaims) {
        Map<String, Line> newer = new HashMap<>(lines);
        newer.remove(name);
        line.ifPresent(there -> newer.put(name, there));
        List<String> back = takenBack(name).stream().filter(version -> line.filter(there -> !there.serving().equals(version)).isPresent()).toList();
        Set<String> deployed = new HashSet<>(newer.keySet());
        leftOut.forEach(entry -> deployed.add(entry.name()));
        save(new Kept(newer, pins, newerClaims.of(deployed), takenBackWith(name, back)));
    }

    /** Puts down that a version was taken back, so that no roll-back goes there. */
    synchronized void takeBack(String name, String version) {
        List<String> back = Stream.concat(Stream.of(version), takenBack(name).stream().filter(other -> !other.equals(version)))
            .limit(MOST_TAKEN_BACK).toList();
        save(new Kept(lines, pins, claims, takenBackWith(name, back)));
    }

    private Map<String, List<String>> takenBackWith(String name, List<String> versions) {
        Map<String, List<String>> newer = new HashMap<>(takenBack);
        newer.remove(name);
        if (!versions.isEmpty()) {
            newer.put(name, versions);
        }
        return newer;
    }

    /** Does something that first looks at the pins and then replaces them. */
    synchronized <T> T exclusively(Supplier<T> act) {
        return act.get();
    }

    /** Replaces the pins. */
    synchronized void pins(List<VersionPin> newer) {
        save(new Kept(lines, newer, claims, takenBack));
    }

    /** All that is put down. */
    private record Kept(Map<String, Line> lines, List<VersionPin> pins, Claims claims, Map<String, List<String>> takenBack) {
        Kept {
            lines = Map.copyOf(lines);
            pins = List.copyOf(pins);
            takenBack = Map.copyOf(takenBack);
        }
    }

    private void save(Kept newer) {
        try {
            file.write(new Generation(distribution, entries(newer.lines(), newer.pins()), newer.pins(), newer.claims(), newer.takenBack()));
        } catch (IOException e) {
            throw new DeployException(ProblemCode.IO_ERROR, "The generation cannot be written (" + e + "); nothing was changed.");
        }
        lines = newer.lines();
        pins = newer.pins();
        claims = newer.claims();
        takenBack = newer.takenBack();
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
        leftOut.stream().filter(entry -> !newerLines.containsKey(entry.name())).forEach(entries::add);
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
