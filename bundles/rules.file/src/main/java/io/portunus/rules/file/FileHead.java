// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem.Position;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file says besides its rules, as far as no problem was found in it. Immutable.
 *
 * @param config its settings, with no rules yet
 * @param defaults what its rules have that say nothing else
 * @param reserved what its rules must leave alone
 * @param places where it says things that may turn out to be impossible, by their paths; empty if it has problems
 */
record FileHead(ParsedConfig config, TomlRules.Defaults defaults, List<Reserved> reserved, Map<String, Position> places) {
    private static final RuleSet NONE = new RuleSet("", List.of());
    /** Tables in which the file has keys of its own beside those of bundles. */
    private static final List<String> OWN = List.of("global", "limits");

    /** Copies list and map. */
    FileHead {
        reserved = List.copyOf(reserved);
        places = Map.copyOf(places);
    }

    /** Reads every table but the rules. */
    static FileHead read(TomlSection top, Declarations declared) {
        top.checkKeys("", declared.names());
        OWN.stream().filter(name -> !declared.names().contains(name)).forEach(name -> top.section(name).ifPresent(its -> its.checkKeys(name)));
        declared.names().forEach(name -> table(top, name).ifPresent(section -> section.checkKeys(name, declared.keys(name))));
        Settings settings = TableReader.read(top, declared);
        ParsedConfig.NodeSettings node = TomlSettings.node(table(top, "global"));
        // A port that the file does not name is nobody's: the surface goes elsewhere.
        List<Reserved> reserved = settings.surfaces().stream().filter(Settings.Surface::named)
            .map(surface -> new Reserved(surface.title(), surface.listen().key())).toList();
        TomlRules.Defaults defaults = new TomlRules.Defaults(TomlSettings.preferIpv6(top), node.shutdownDrain(),
            TomlSettings.maxTargets(table(top, "limits")));
        return new FileHead(new ParsedConfig(NONE, node, settings), defaults, reserved,
            top.problems().isEmpty() ? places(top, settings) : Map.of());
    }

    /** A table that is there and is one; what else may be there is told by who reads it. */
    private static Optional<TomlSection> table(TomlSection top, String name) {
        return top.isTable(name) ? top.section(name) : Optional.empty();
    }

    /** Where the keys are that only the system can say no to. */
    private static Map<String, Position> places(TomlSection top, Settings settings) {
        Map<String, Position> places = new HashMap<>();
        for (Settings.Surface surface : settings.surfaces()) {
            int dot = surface.path().indexOf('.');
            table(top, surface.path().substring(0, dot))
                .ifPresent(section -> places.put(surface.path(), section.placeOf(surface.path().substring(dot + 1))));
        }
        return places;
    }

    /** The file with its rules, when neither has problems. */
    ConfigOutcome.Valid with(RuleSet rules) {
        return new ConfigOutcome.Valid(config.withRules(rules), places);
    }
}
