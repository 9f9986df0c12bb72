// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.RestOfFile;
import io.portunus.config.api.Tables;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Problem.Position;
import io.portunus.model.RuleChecks.Reserved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file sets besides the tables that are read by code, as far as no problem was found in it. Immutable.
 *
 * @param top the file, or what of it is in front of such tables
 * @param config its settings, with no such tables yet
 * @param rest what such tables may depend on
 * @param places where it sets things that may turn out to be impossible, by their paths; empty if it has problems
 */
record Head(TomlSection top, Config config, RestOfFile rest, Map<String, Position> places) {
    /** Copies the map. */
    Head {
        places = Map.copyOf(places);
    }

    /** Reads every table but those that are read by code. */
    static Head read(TomlSection top, Grammar grammar) {
        top.checkKeys("");
        grammar.undeclared().forEach(name -> top.section(name).ifPresent(its -> its.checkKeys(name)));
        Declarations declared = grammar.declared();
        declared.names().forEach(name -> top.tableOf(name).ifPresent(section -> section.checkKeys(name)));
        Settings settings = SettingsReader.read(top, declared);
        Config.NodeSettings node = NodeKeys.read(top.tableOf("global"));
        // A port that the file does not name is nobody's: the surface goes elsewhere.
        List<Reserved> reserved = settings.surfaces().stream().filter(Settings.Surface::named)
            .map(surface -> new Reserved(surface.title(), surface.listen().key())).toList();
        return new Head(top, new Config(Map.of(), node, settings), new RestOfFile(node.shutdownDrain(), reserved, declared,
            declared.transports()),
            top.problems().isEmpty() ? places(top, settings) : Map.of());
    }

    /** Where the keys are that only the system can say no to. */
    private static Map<String, Position> places(TomlSection top, Settings settings) {
        Map<String, Position> places = new HashMap<>();
        for (Settings.Surface surface : settings.surfaces()) {
            int dot = surface.path().indexOf('.');
            top.tableOf(surface.path().substring(0, dot))
                .ifPresent(section -> places.put(surface.path(), section.placeOf(surface.path().substring(dot + 1))));
        }
        return places;
    }

    /** The file with its tables, when neither has problems. */
    Reading.Good with(Map<String, Tables> tables) {
        return new Reading.Good(config.with(tables), places);
    }
}
