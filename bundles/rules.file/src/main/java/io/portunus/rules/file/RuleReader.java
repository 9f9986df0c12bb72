// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TomlPiece;
import io.portunus.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads rules in the light of the file before: what was not changed is not read again, and a rule that means what it meant stays the same
 * object, so that whoever compares rules has nothing to compare. Confined to one thread; for one file.
 */
final class RuleReader {
    private final RuleIds ids = new RuleIds();
    private final Optional<RuleTables> before;
    private final List<KnownRule> old;
    /** Rules of the file before that may be among those to read, by their names, which are unique. */
    private final Map<String, KnownRule> byName = new HashMap<>();

    /**
     * A reader.
     *
     * @param before the last file without problems
     */
    RuleReader(Optional<RuleTables> before) {
        this.before = before;
        this.old = before.map(RuleTables::known).orElse(List.of());
    }

    /** The rules of a file that was read as a whole. */
    List<KnownRule> known(List<Rule> rules) {
        old.forEach(this::remember);
        return rules.stream().map(this::known).toList();
    }

    /** The rules of the pieces of a file; empty if one of them is not plainly one rule without problems. */
    Optional<List<KnownRule>> read(List<TomlPiece> pieces, TomlRules.Defaults defaults) {
        // A text means the same only under the same defaults.
        List<TomlPiece> oldPieces = before.map(its -> its.pieces(defaults)).orElse(List.of());
        Overlap same = Overlap.of(oldPieces, pieces, TomlPiece::equals);
        Map<TomlPiece, KnownRule> byText = new HashMap<>();
        for (int i = same.begin(); i < oldPieces.size() - same.end(); i++) {
            byText.put(oldPieces.get(i), old.get(i));
        }
        same.between(old).forEach(this::remember);
        List<KnownRule> rules = new ArrayList<>(old.subList(0, same.begin()));
        for (TomlPiece piece : same.between(pieces)) {
            Optional<KnownRule> rule = Optional.ofNullable(byText.get(piece)).or(() -> piece.read()
                .flatMap(table -> TomlRules.alone(table, defaults)).map(this::known));
            if (rule.isEmpty()) {
                return Optional.empty();
            }
            rules.add(rule.get());
        }
        rules.addAll(old.subList(old.size() - same.end(), old.size()));
        return Optional.of(rules);
    }

    private void remember(KnownRule rule) {
        byName.put(rule.rule().name(), rule);
    }

    private KnownRule known(Rule rule) {
        return Optional.ofNullable(byName.get(rule.name())).filter(its -> its.rule().equals(rule))
            .orElseGet(() -> new KnownRule(rule, ids.fingerprint(rule)));
    }
}
