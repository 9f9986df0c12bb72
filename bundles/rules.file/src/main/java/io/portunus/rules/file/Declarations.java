// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * The tables that the bundles of a node declare, each beside its component. Immutable. Of several declarations of a configuration the first is
 * taken, and of several that have a key in common.
 *
 * @param tables in the order of the bundles; several may have keys of one table of the file
 */
record Declarations(List<DeclaredTable> tables) {
    /** Where bundles have them. */
    static final String FOLDER = "OSGI-INF/metatype/";
    static final Declarations NONE = new Declarations(List.of());
    /** Largest document of a bundle. */
    static final int MAX_BYTES = 1 << 20;

    /** Takes of each configuration the first, and of declarations that have a key in common; none that has a key of the file's own. */
    Declarations {
        Set<String> pids = new HashSet<>();
        Set<String> paths = new HashSet<>();
        List<DeclaredTable> taken = new ArrayList<>();
        for (DeclaredTable table : tables) {
            List<String> its = table.written().stream().map(key -> table.name() + "." + key.key()).toList();
            boolean free = its.stream().noneMatch(paths::contains)
                && table.written().stream().noneMatch(key -> ConfigKey.find(table.name(), key.key()).isPresent());
            if (free && pids.add(table.pid())) {
                paths.addAll(its);
                taken.add(table);
            }
        }
        tables = List.copyOf(taken);
    }

    /**
     * Reads those of jars.
     *
     * @throws UncheckedIOException if one cannot be read
     */
    static Declarations of(List<Path> jars) {
        List<DeclaredTable> tables = new ArrayList<>();
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : jar.stream().filter(its -> its.getName().startsWith(FOLDER) && its.getName().endsWith(".xml")).toList()) {
                    try (InputStream document = jar.getInputStream(entry)) {
                        tables.addAll(MetatypeReader.read(document));
                    }
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return new Declarations(tables);
    }

    /** Names of the tables. */
    Set<String> names() {
        return tables.stream().map(DeclaredTable::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What is declared of a table of the file. */
    List<DeclaredTable> of(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).toList();
    }

    /** The declaration of a key, {@code "dns.timeout"}. */
    Optional<DeclaredKey> find(String path) {
        int dot = path.indexOf('.');
        return of(path.substring(0, dot)).stream().flatMap(table -> table.find(path.substring(dot + 1)).stream()).findFirst();
    }

    /** Keys of a table of the file. */
    List<String> keys(String name) {
        return of(name).stream().flatMap(table -> table.written().stream()).map(DeclaredKey::key).toList();
    }
}
