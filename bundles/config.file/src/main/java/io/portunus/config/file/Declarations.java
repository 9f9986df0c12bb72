// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.DeclaredTables;
import io.portunus.config.api.TableKeys;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Offer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * @param inner tables within others, which configure no component
 * @param transports names of the transports that they bring, in the same order
 */
record Declarations(List<DeclaredTable> tables, List<DeclaredTable> inner, List<String> transports) implements DeclaredTables {
    /** Where bundles have them. */
    static final String FOLDER = "OSGI-INF/metatype/";
    /** Role of who carries connections. */
    static final String TRANSPORT = "transport";
    static final Declarations NONE = new Declarations(List.of(), List.of());
    /** Largest document of a bundle. */
    static final int MAX_BYTES = 1 << 20;

    /** Takes of each configuration the first, and of declarations that have a key in common. */
    Declarations {
        transports = transports.stream().distinct().toList();
        Set<String> pids = new HashSet<>();
        Set<String> paths = new HashSet<>();
        List<DeclaredTable> taken = new ArrayList<>();
        for (DeclaredTable declared : tables) {
            DeclaredTable table = declared.choosingFrom(Map.of(TRANSPORT, transports));
            List<String> its = table.written().stream().map(key -> table.name() + "." + key.key()).toList();
            if (its.stream().noneMatch(paths::contains) && pids.add(table.pid())) {
                paths.addAll(its);
                taken.add(table);
            }
        }
        tables = List.copyOf(taken);
        Set<String> names = new HashSet<>();
        inner = inner.stream().filter(table -> names.add(table.name())).toList();
    }

    /** Tables of both sorts. */
    Declarations(List<DeclaredTable> all, List<String> transports) {
        this(all.stream().filter(table -> !table.isInner()).toList(), all.stream().filter(DeclaredTable::isInner).toList(), transports);
    }

    /**
     * Reads those of jars.
     *
     * @throws UncheckedIOException if one cannot be read
     */
    static Declarations of(List<Path> jars) {
        List<DeclaredTable> tables = new ArrayList<>();
        List<String> transports = new ArrayList<>();
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                Optional.ofNullable(jar.getManifest()).map(manifest -> manifest.getMainAttributes().getValue(Offer.HEADER))
                    .ifPresent(header -> transports.addAll(Offer.kinds(header, TRANSPORT)));
                for (JarEntry entry : jar.stream().filter(its -> its.getName().startsWith(FOLDER) && its.getName().endsWith(".xml")).toList()) {
                    try (InputStream document = jar.getInputStream(entry)) {
                        tables.addAll(MetatypeReader.read(document));
                    }
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return new Declarations(tables, transports);
    }

    /**
     * Those that do not get in the way of what is read by code.
     *
     * @param others keys that are read by code
     * @param names tables that are
     */
    Declarations without(TableKeys others, Set<String> names) {
        return new Declarations(tables.stream().filter(table -> !names.contains(table.name()))
            .filter(table -> table.written().stream().noneMatch(key -> others.find(table.name(), key.key()).isPresent())).toList(), inner,
            transports);
    }

    @Override
    public Optional<Map<String, Object>> read(String name, TomlSection section) {
        return inner.stream().filter(table -> table.name().equals(name)).findFirst().map(table -> SettingsReader.inner(section, table, this));
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
