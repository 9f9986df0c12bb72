// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import io.portunus.model.RuleChecks.Blame;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** The rules under check and what was found wrong with them so far. Confined to one thread. */
final class Findings {
    private final List<Rule> rules;
    private final IntFunction<String> names;
    private final List<Blame> blames = new ArrayList<>();

    /**
     * Nothing was found yet.
     *
     * @param names what sentences call the rule of a place
     */
    Findings(List<Rule> rules, IntFunction<String> names) {
        this.rules = rules;
        this.names = names;
    }

    List<Rule> rules() {
        return rules;
    }

    List<Blame> blames() {
        return List.copyOf(blames);
    }

    /** A rule as sentences call it. */
    String named(int place) {
        return names.apply(place);
    }

    /** Blames a key of a rule. */
    void add(ProblemCode code, int place, String key, String text) {
        blames.add(new Blame(OptionalInt.of(place), key, OptionalInt.empty(), code, text));
    }

    /** Blames a target of a rule. */
    void addOfTarget(ProblemCode code, int place, int target, String text) {
        blames.add(new Blame(OptionalInt.of(place), TargetChecks.key(rules.get(place), target), OptionalInt.of(target), code, text));
    }

    /** Blames the set. */
    void add(ProblemCode code, String text) {
        blames.add(new Blame(OptionalInt.empty(), "", OptionalInt.empty(), code, text));
    }

    /** The key under which a rule lists its ports. */
    static String listenKey(Rule rule) {
        return rule.listen().size() == 1 && rule.listenWidth() == 1 ? "listen_port" : "listen_ports";
    }

    /** The key under which a rule sets the name it requires. */
    static String nameKey(Rule rule) {
        return rule.sni().isPresent() ? "sni" : "match.name";
    }
}
