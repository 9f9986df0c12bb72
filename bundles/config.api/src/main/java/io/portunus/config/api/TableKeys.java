// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys by the tables that they are in; of two with the same place the first counts. Immutable. */
public final class TableKeys {
    private final List<TableKey> all;
    /** In the order given; a large file asks thousands of times. */
    private final Map<String, Map<String, TableKey>> byTable = new HashMap<>();

    /** Keys in the order in which they are listed to who wrote another. */
    public TableKeys(List<TableKey> keys) {
        keys.forEach(key -> byTable.computeIfAbsent(key.table(), table -> new LinkedHashMap<>()).putIfAbsent(key.key(), key));
        all = List.copyOf(keys);
    }

    /** The key of that spelling in a table. */
    public Optional<TableKey> find(String table, String key) {
        return Optional.ofNullable(byTable.getOrDefault(table, Map.of()).get(key));
    }

    /** Spellings of the keys of a table that this release has. */
    public List<String> built(String table) {
        return byTable.getOrDefault(table, Map.of()).values().stream().filter(TableKey::built).map(TableKey::key).toList();
    }

    /** Paths of the tables that have keys here. */
    public Set<String> tables() {
        return Set.copyOf(byTable.keySet());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableKeys its && all.equals(its.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }
}
