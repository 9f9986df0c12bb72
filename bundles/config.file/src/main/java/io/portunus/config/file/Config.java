// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableChanges;
import io.portunus.config.api.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The values of a file without problems, defaults filled in; their places in the file, and its comments, are no part of it. Immutable.
 *
 * @param tables the tables that bundles read by code, by their names
 * @param node what it sets for the node itself
 * @param settings what it sets in the tables that bundles declare
 */
record Config(Map<String, Tables> tables, NodeSettings node, Settings settings) {
    private static final String GLOBAL = "global";
    private static final String PARTIAL = "partial";

    /** Copies the map. */
    Config {
        tables = Map.copyOf(tables);
    }

    /**
     * The node.
     *
     * @param label its name, if it was given one
     * @param shutdownDrain how long live connections get at shut-down
     */
    record NodeSettings(Optional<String> label, Duration shutdownDrain) {
    }

    /** Whether it starts with the listeners that can be bound. */
    boolean partialStart() {
        return settings.value("global.start").equals(Optional.of(PARTIAL));
    }

    /** What all tables that are read by code are called together. */
    String revision() {
        return new TreeMap<>(tables).values().stream().map(Tables::revision).collect(Collectors.joining(" "));
    }

    /** The same settings with tables; a surface whose port nobody named makes room for what listens by them. */
    Config with(Map<String, Tables> others) {
        Settings its = settings;
        for (Settings.Surface surface : settings.surfaces()) {
            if (!surface.named() && others.values().stream().anyMatch(tables -> tables.listenOn(surface.listen().socket()))) {
                its = its.with(surface.path(), surface.listen().anyPort());
            }
        }
        return new Config(others, node, its);
    }

    /** What differs in the tables that are read by code; a kind that only one of two files could have counts for nothing. */
    TableChanges changesSince(Config before) {
        TableChanges changes = TableChanges.NONE;
        for (Map.Entry<String, Tables> kind : new TreeMap<>(tables).entrySet()) {
            Optional<Tables> old = Optional.ofNullable(before.tables.get(kind.getKey()));
            changes = changes.and(old.map(kind.getValue()::changesSince).orElse(TableChanges.NONE));
        }
        return changes;
    }

    /** Names of the tables of settings that say something else than those of another file. */
    List<String> settingsThatDiffer(Config other) {
        List<String> names = new ArrayList<>(settings.tablesThatDiffer(other.settings));
        if (!node.equals(other.node) && !names.contains(GLOBAL)) {
            names.add(GLOBAL);
            names.sort(null);
        }
        return names;
    }
}
