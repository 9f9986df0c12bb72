// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Notice;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * The jars to start: those of a feature, with what was deployed instead of, and beside, them. Immutable.
 *
 * @param items the jars in their order
 * @param owners by what is offered, {@code "inspector.tls"}: symbolic name of the bundle that serves it, as far as that was decided
 */
record LaunchPlan(List<Item> items, Map<String, String> owners) {
    LaunchPlan {
        items = List.copyOf(items);
        owners = Map.copyOf(owners);
    }

    /**
     * A jar to start.
     *
     * @param jar the jar
     * @param startLevel the level at which the framework starts it
     * @param deployed whether it is not the distribution's
     * @param instead the distribution's jar that starts if this one cannot
     */
    record Item(Path jar, int startLevel, boolean deployed, Optional<Path> instead) {
        /** The form that the framework takes a jar in without copying it. */
        String location() {
            return location(jar);
        }

        static String location(Path jar) {
            return "reference:" + jar.toUri();
        }
    }

    List<Path> jars() {
        return items.stream().map(Item::jar).toList();
    }

    /** The bundles of a feature alone. */
    static LaunchPlan of(FeatureFile feature, Repository repository) {
        return new LaunchPlan(feature.bundles().stream()
            .map(entry -> new Item(repository.jar(entry.id()), entry.startLevel(), false, Optional.empty())).toList(), Map.of());
    }

    /**
     * With what was deployed, as far as it is there and newer than the distribution's own.
     *
     * @param jars the folder of the deployed jars
     * @param notices called with what is left out
     */
    LaunchPlan with(Generation generation, Path jars, Consumer<Notice> notices) {
        if (generation.bundles().isEmpty()) {
            return this;
        }
        Map<String, Own> own = own();
        Map<String, List<Generation.Entry>> kept = generation.bundles().stream()
            .filter(entry -> usable(entry, Optional.ofNullable(own.get(entry.name())), jars, notices))
            .collect(Collectors.groupingBy(Generation.Entry::name, LinkedHashMap::new, Collectors.toList()));
        // Without the one that serves, one that was only pinned would get everything.
        kept.values().removeIf(entries -> entries.stream().noneMatch(Generation.Entry::serves));
        Map<Path, List<Item>> replaced = new HashMap<>();
        List<Item> added = new ArrayList<>();
        kept.forEach((name, entries) -> {
            Optional<Item> former = Optional.ofNullable(own.get(name)).map(Own::item);
            List<Item> its = items(entries, former, jars);
            former.ifPresentOrElse(item -> replaced.put(item.jar(), its), () -> added.addAll(its));
        });
        List<Item> all = new ArrayList<>();
        items.forEach(item -> all.addAll(replaced.getOrDefault(item.jar(), List.of(item))));
        all.addAll(added);
        return new LaunchPlan(all, owners(generation.owners(), name -> kept.containsKey(name) || own.containsKey(name)));
    }

    /** Of those who have, or had, something, the first that runs; its owner is left where none does. */
    private static Map<String, String> owners(Map<String, List<String>> all, Predicate<String> runs) {
        Map<String, String> owners = new HashMap<>();
        all.forEach((offer, names) -> names.stream().filter(runs).findFirst().or(() -> names.stream().findFirst())
            .ifPresent(name -> owners.put(offer, name)));
        return owners;
    }

    /** The same as the engine reads it, so that nobody serves for a moment whose it is not. */
    String decided() {
        return owners.entrySet().stream().map(owned -> owned.getKey() + "=" + owned.getValue()).sorted().collect(Collectors.joining(" "));
    }

    /** The one that serves comes first: until its preference is set, who came first gets new connections. */
    private static List<Item> items(List<Generation.Entry> entries, Optional<Item> former, Path jars) {
        List<Item> its = new ArrayList<>();
        for (Generation.Entry entry : entries) {
            Item item = entry.jar().map(jar -> new Item(jars.resolve(jar.file()), entry.startLevel(), true, former.map(Item::jar)))
                .or(() -> former).orElseThrow();
            its.add(entry.serves() ? 0 : its.size(), item);
        }
        return its;
    }

    private static boolean usable(Generation.Entry entry, Optional<Own> own, Path jars, Consumer<Notice> notices) {
        Map<String, String> values = Map.of("bundle", entry.name(), "version", entry.version().toString());
        String subject = "The version " + entry.version() + " of " + entry.name();
        if (entry.jar().isEmpty()) {
            return own.filter(its -> its.version().equals(entry.version())).isPresent();
        }
        if (own.filter(its -> its.version().compareTo(entry.version()) >= 0).isPresent()) {
            notices.accept(new Notice("info", "generation.superseded",
                subject + ", which was deployed, is not newer than the distribution's, which runs instead.", values));
            return false;
        }
        Path jar = jars.resolve(entry.jar().get().file());
        Optional<String> untrusted = untrusted(jar);
        if (untrusted.isPresent()) {
            notices.accept(new Notice("error", "generation.dropped", subject + " was deployed, but does not run, because its jar is not to be"
                + " believed: " + untrusted.get(), values));
            return false;
        }
        Optional<String> sum = sha256(jar);
        if (sum.filter(entry.jar().get().sha256()::equalsIgnoreCase).isEmpty()) {
            notices.accept(new Notice("warn", "generation.dropped", subject + " was deployed, but its jar " + jar + " is "
                + (sum.isEmpty() ? "missing" : "not what it was") + "; it does not run.", values));
            return false;
        }
        return true;
    }

    /** A bundle of the distribution. */
    private record Own(Version version, Item item) {
    }

    /** Reads fifty manifests, so only for who deployed something. */
    private Map<String, Own> own() {
        Map<String, Own> own = new HashMap<>();
        for (Item item : items) {
            try (JarFile jar = new JarFile(item.jar().toFile())) {
                Optional<Attributes> headers = Optional.ofNullable(jar.getManifest()).map(Manifest::getMainAttributes);
                Optional<String> name = headers.map(its -> its.getValue(Constants.BUNDLE_SYMBOLICNAME));
                Optional<String> version = headers.map(its -> its.getValue(Constants.BUNDLE_VERSION));
                name.ifPresent(its -> own.put(its.split(";", 2)[0].strip(), new Own(Version.parseVersion(version.orElse("0")), item)));
            } catch (IOException | IllegalArgumentException e) {
                throw new LaunchException(ExitCode.FAILED,
                    "The bundle " + item.jar() + " cannot be read (" + e.getMessage() + "); install Portunus again.", e);
            }
        }
        return own;
    }

    /** What is not there has no owner. */
    private static Optional<String> untrusted(Path jar) {
        try {
            return OwnFile.complaint(jar);
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private static Optional<String> sha256(Path jar) {
        try (InputStream in = Files.newInputStream(jar)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
