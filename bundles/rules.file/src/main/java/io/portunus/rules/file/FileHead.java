// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem.Position;
import io.portunus.model.RuleChecks.Reserved;
import io.portunus.model.RuleSet;
import io.portunus.rules.file.ParsedConfig.AdminSettings;
import io.portunus.rules.file.ParsedConfig.GlobalSettings;
import io.portunus.rules.file.ParsedConfig.LimitSettings;
import io.portunus.rules.file.ParsedConfig.LogSettings;
import io.portunus.rules.file.ParsedConfig.ShellSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file says besides its rules, as far as no problem was found in it. Immutable.
 *
 * @param settings its settings, with no rules yet
 * @param defaults what its rules have that say nothing else
 * @param reserved what its rules must leave alone
 * @param places where it says things that may turn out to be impossible, by their paths; empty if it has problems
 */
record FileHead(ParsedConfig settings, TomlRules.Defaults defaults, List<Reserved> reserved, Map<String, Position> places) {
    private static final RuleSet NONE = new RuleSet("", List.of());

    /** Copies list and map. */
    FileHead {
        reserved = List.copyOf(reserved);
        places = Map.copyOf(places);
    }

    /** Reads every table but the rules. */
    static FileHead read(TomlSection top) {
        top.checkKeys("");
        Optional<TomlSection> global = top.section("global");
        GlobalSettings globalSettings = TomlSettings.global(global);
        LogSettings log = TomlSettings.log(top, global);
        AdminSettings admin = TomlSettings.admin(top);
        LimitSettings limits = TomlSettings.limits(top);
        ParsedConfig.DeploySettings deploy = TomlDeploy.read(top);
        Optional<ShellSettings> shell = TomlSettings.shell(top, admin);
        ParsedConfig settings = new ParsedConfig(NONE, admin.besides(shell), limits, log, globalSettings, deploy, TomlDns.read(top),
            TomlStats.read(top), shell);
        List<Reserved> reserved = new ArrayList<>();
        // A port that the file does not name is nobody's: the surface goes elsewhere.
        if (admin.named()) {
            reserved.add(new Reserved("the admin surface", admin.listen().key()));
        }
        shell.filter(ShellSettings::named).ifPresent(s -> reserved.add(new Reserved("the shell over SSH", s.listen().key())));
        TomlRules.Defaults defaults = new TomlRules.Defaults(TomlSettings.preferIpv6(top), globalSettings.shutdownDrain(), limits.maxTargets());
        return new FileHead(settings, defaults, reserved, top.problems().isEmpty() ? places(top) : Map.of());
    }

    /** Where the tables are that only the system can say no to. */
    private static Map<String, Position> places(TomlSection top) {
        Map<String, Position> places = new HashMap<>();
        for (String table : List.of("admin", "shell")) {
            top.section(table).ifPresent(s -> places.put(table + ".listen", s.placeOf("listen")));
        }
        return places;
    }

    /** The file with its rules, when neither has problems. */
    ConfigOutcome.Valid with(RuleSet rules) {
        return new ConfigOutcome.Valid(settings.withRules(rules), places);
    }
}
