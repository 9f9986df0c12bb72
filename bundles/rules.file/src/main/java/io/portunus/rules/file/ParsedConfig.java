// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file without problems says, defaults filled in; where in the file it says so, and its comments, are no part of it. Immutable.
 *
 * @param rules its rules
 * @param node what it says of the node itself
 * @param settings what it says in the tables that bundles declare
 */
record ParsedConfig(RuleSet rules, NodeSettings node, Settings settings) {
    private static final String GLOBAL = "global";
    private static final String PARTIAL = "partial";

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

    /** The same settings with rules; a surface whose port nobody named makes room for them. */
    ParsedConfig withRules(RuleSet others) {
        Settings its = settings;
        for (Settings.Surface surface : settings.surfaces()) {
            if (!surface.named() && others.rules().stream().anyMatch(surface.listen()::wantedBy)) {
                its = its.with(surface.path(), surface.listen().anyPort());
            }
        }
        return new ParsedConfig(others, node, its);
    }

    /** Names of the tables, besides the rules, that say something else than those of another file. */
    List<String> settingsThatDiffer(ParsedConfig other) {
        List<String> names = new ArrayList<>(settings.tablesThatDiffer(other.settings));
        if (!node.equals(other.node) && !names.contains(GLOBAL)) {
            names.add(GLOBAL);
            names.sort(null);
        }
        return names;
    }
}
