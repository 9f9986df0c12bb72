// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a file sets in the tables that bundles declare. Immutable. Two that mean the same are equal, however they are written.
 *
 * @param declared the declarations by which it was read
 * @param present tables that the file has, of those for which that matters
 * @param values values that are not their defaults, by the path of the key, {@code dns.timeout}, each as its component gets it, but for an address
 *        to listen on, which is a {@link ListenAddress}
 * @param written paths of the keys that the file has, of those for which that matters
 */
record Settings(Declarations declared, Set<String> present, Map<String, Object> values, Set<String> written) {
    /** Leaves out what makes no difference. */
    Settings {
        Set<String> optional = declared.tables().stream().filter(DeclaredTable::optional).map(DeclaredTable::name).collect(Collectors.toSet());
        present = present.stream().filter(optional::contains).collect(Collectors.toUnmodifiableSet());
        values = values.entrySet().stream().filter(value -> !absent(declared, value.getKey()).equals(Optional.of(value.getValue())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        written = written.stream().filter(path -> matters(declared, path)).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Object> absent(Declarations declared, String path) {
        return declared.find(path).flatMap(key -> key.form().equals(Setting.LISTEN) ? key.absent().flatMap(ListenAddress::parse)
            : Optional.of(key.value()));
    }

    /** Whether it means something that a key is written, even with its default. */
    private static boolean matters(Declarations declared, String path) {
        int dot = path.indexOf('.');
        return declared.find(path).filter(key -> key.form().equals(Setting.LISTEN)).isPresent() || declared.of(path.substring(0, dot)).stream()
            .flatMap(table -> table.keys().stream())
            .anyMatch(key -> key.form().equals(Setting.NOT_WRITTEN) && key.attribute("of").equals(path.substring(dot + 1)));
    }

    /**
     * An address that a component listens on.
     *
     * @param path path of the key
     * @param title what listens there
     * @param listen the address
     * @param named whether the file names it; else it is wherever there is room
     */
    record Surface(String path, String title, ListenAddress listen, boolean named) {
    }

    /** Value of a key, {@code "dns.timeout"}, as its component gets it; empty if no bundle declares it. */
    Optional<Object> value(String path) {
        return Optional.ofNullable(values.get(path)).or(() -> declared.find(path).map(DeclaredKey::value));
    }

    /** Addresses that components listen on, in the order of their paths. */
    List<Surface> surfaces() {
        List<Surface> surfaces = new ArrayList<>();
        for (DeclaredTable table : declared.tables()) {
            table.written().stream().filter(key -> key.form().equals(Setting.LISTEN) && configured(table))
                .forEach(key -> surfaces.add(surface(table, key)));
        }
        surfaces.sort(Comparator.comparing(Surface::path));
        return List.copyOf(surfaces);
    }

    private Surface surface(DeclaredTable table, DeclaredKey key) {
        String path = path(table, key);
        ListenAddress listen = values.get(path) instanceof ListenAddress its ? its : key.absent().flatMap(ListenAddress::parse).orElseThrow();
        return new Surface(path, table.title(), listen, written.contains(path));
    }

    private boolean configured(DeclaredTable table) {
        return !table.optional() || present.contains(table.name());
    }

    /** The same with a value that is not the file's. */
    Settings with(String path, Object value) {
        Map<String, Object> others = new HashMap<>(values);
        others.put(path, value);
        return new Settings(declared, present, others, written);
    }

    /** The same as if the file had the key. */
    Settings written(String path, Object value) {
        Set<String> more = new HashSet<>(written);
        more.add(path);
        return new Settings(declared, present, with(path, value).values, more);
    }

    /** Configurations by their PIDs; of a component that is not configured an empty one. */
    Map<String, Map<String, Object>> configurations() {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        for (DeclaredTable table : declared.tables()) {
            Map<String, Object> properties = new HashMap<>();
            if (configured(table)) {
                table.keys().forEach(key -> properties.put(key.property(), property(table, key)));
            }
            all.put(table.pid(), properties);
        }
        return all;
    }

    private Object property(DeclaredTable table, DeclaredKey key) {
        if (key.form().equals(Setting.NOT_WRITTEN)) {
            return !written.contains(table.name() + "." + key.attribute("of"));
        }
        return switch (Optional.ofNullable(values.get(path(table, key))).orElseGet(key::value)) {
            case ListenAddress listen -> listen.text();
            case List<?> list -> list.stream().map(String::valueOf).toArray(String[]::new);
            case Object other -> other;
        };
    }

    /** Every key with its value, by the names of the tables. */
    List<SettingsCatalog.Entry> entries() {
        return Stream.concat(declared.tables().stream(), declared.inner().stream()).sorted(Comparator.comparing(DeclaredTable::name))
            .flatMap(table -> table.written().stream().map(key -> {
            Optional<Object> value = Optional.ofNullable(values.get(path(table, key)));
            return new SettingsCatalog.Entry(table.name(), key.key(), key.shown(value.orElseGet(key::value)), value.isPresent(), key.reference());
        })).toList();
    }

    private static String path(DeclaredTable table, DeclaredKey key) {
        return table.name() + "." + key.key();
    }

    /** Names of the tables that say something else than those of another file. */
    List<String> tablesThatDiffer(Settings other) {
        Set<String> names = new HashSet<>(declared.names());
        names.addAll(other.declared.names());
        return names.stream().filter(name -> !said(name).equals(other.said(name))).sorted().toList();
    }

    /** All that a table sets. */
    private List<Object> said(String table) {
        String prefix = table + ".";
        Map<String, Object> its = new HashMap<>();
        values.forEach((path, value) -> {
            if (path.startsWith(prefix)) {
                its.put(path, value);
            }
        });
        return List.of(present.contains(table), its, written.stream().filter(path -> path.startsWith(prefix)).sorted().toList(), declared.of(table));
    }
}
