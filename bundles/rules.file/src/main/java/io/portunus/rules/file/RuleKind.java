// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.RestOfFile;
import io.portunus.config.api.TableKey;
import io.portunus.config.api.TableKind;
import io.portunus.config.api.Tables;
import io.portunus.config.api.TomlPiece;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Rule;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Reads {@code [[rule]]}, and what other tables set for all rules. Stateless. */
@Component(immediate = true)
public final class RuleKind implements TableKind {
    static final String NAME = "rule";

    /** One for a framework or for a check without it. */
    public RuleKind() {
        // Nothing to keep.
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<TableKey> keys() {
        return ConfigKey.keys();
    }

    @Override
    public Tables read(TomlSection top, RestOfFile rest, Optional<Tables> before) {
        List<Rule> rules = new TomlRules(defaults(top, rest), top.problems()).read(top, rest.reserved());
        return RuleTables.ofWhole(rules, mine(before));
    }

    @Override
    public Optional<Tables> readPieces(TomlSection head, List<TomlPiece> pieces, RestOfFile rest, Optional<Tables> before) {
        TomlRules.Defaults defaults = defaults(head, rest);
        return RuleTables.ofPieces(pieces, defaults, rest.reserved(), mine(before)).map(tables -> tables);
    }

    private static TomlRules.Defaults defaults(TomlSection top, RestOfFile rest) {
        return new TomlRules.Defaults(TomlDefaults.protocols(top), TomlDefaults.datagrams(top), TomlDefaults.preferIpv6(top),
            rest.shutdownDrain(), TomlDefaults.maxTargets(top), rest.declared(), rest.transports());
    }

    /** What another version of this bundle read is none of ours. */
    private static Optional<RuleTables> mine(Optional<Tables> before) {
        return before.filter(RuleTables.class::isInstance).map(RuleTables.class::cast);
    }
}
