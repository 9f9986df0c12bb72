// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKey;
import io.portunus.config.api.TableKeys;
import io.portunus.config.api.TableKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a file may have: the tables that bundles declare, and those that they read by code. Immutable; two are equal by both. */
final class Grammar {
    private final Declarations declared;
    private final List<TableKind> kinds;
    private final TableKeys keys;

    private Grammar(Declarations declared, List<TableKind> kinds, TableKeys keys) {
        this.declared = declared;
        this.kinds = kinds;
        this.keys = keys;
    }

    /**
     * Puts both together. A key that a kind reads is nobody's to declare, nor one of a table that the kind has at the top of the file; of two kinds
     * with one name the first is taken.
     *
     * @param declarations all of them
     * @param all in the order of their ranking
     */
    static Grammar of(Declarations declarations, Collection<TableKind> all) {
        Set<String> names = new HashSet<>();
        List<TableKind> kinds = all.stream().filter(kind -> names.add(kind.name())).toList();
        List<TableKey> keys = new ArrayList<>(OwnKey.keys());
        kinds.forEach(kind -> keys.addAll(kind.keys()));
        Set<String> tables = kinds.stream().flatMap(kind -> kind.keys().stream()).filter(key -> key.table().isEmpty()).map(TableKey::key)
            .collect(Collectors.toSet());
        Declarations declared = declarations.without(new TableKeys(keys), tables);
        declared.names().forEach(name -> {
            keys.add(new TableKey("", name, "", true));
            declared.keys(name).forEach(key -> keys.add(new TableKey(name, key, "", true)));
        });
        declared.inner().forEach(table -> table.written().forEach(key -> keys.add(new TableKey(table.name(), key.key(), "", true))));
        return new Grammar(declared, kinds, new TableKeys(keys));
    }

    /** Tables that bundles declare. */
    Declarations declared() {
        return declared;
    }

    /** Tables that are read by code. */
    List<TableKind> kinds() {
        return kinds;
    }

    /** Every key. */
    TableKeys keys() {
        return keys;
    }

    /** Names of the tables at the top of the file with keys of the node or of a kind, which no bundle declares. */
    List<String> undeclared() {
        return keys.tables().stream().filter(name -> !name.isEmpty() && name.indexOf('.') < 0 && !declared.names().contains(name)
            && kinds.stream().noneMatch(kind -> kind.name().equals(name))).sorted().toList();
    }

    /** Kinds by their names. */
    Map<String, TableKind> byName() {
        Map<String, TableKind> named = new TreeMap<>();
        kinds.forEach(kind -> named.put(kind.name(), kind));
        return named;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grammar its && declared.equals(its.declared) && kinds.equals(its.kinds);
    }

    @Override
    public int hashCode() {
        return declared.hashCode() * 31 + kinds.hashCode();
    }
}
