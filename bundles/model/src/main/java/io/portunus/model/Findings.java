// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.List;

/** The rules under check and what was found wrong with them so far. Confined to one thread. */
final class Findings {
    private final List<Rule> rules;
    private final List<Problem> problems = new ArrayList<>();

    Findings(List<Rule> rules) {
        this.rules = rules;
    }

    List<Rule> rules() {
        return rules;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** A rule as sentences call it. */
    String named(int place) {
        return "rule[" + place + "] '" + rules.get(place).name() + "'";
    }

    /** Blames a key of a rule. */
    void add(ProblemCode code, int place, String key, String text) {
        problems.add(Problem.of(code, "rule[" + place + "]." + key, text));
    }

    /** Blames the set. */
    void add(ProblemCode code, String text) {
        problems.add(Problem.of(code, "rule", text));
    }

    /** The key under which a rule lists its ports. */
    static String listenKey(Rule rule) {
        return rule.listen().size() == 1 && rule.listenWidth() == 1 ? "listen_port" : "listen_ports";
    }

    /** The key under which a rule says the name it wants. */
    static String nameKey(Rule rule) {
        return rule.sni().isPresent() ? "sni" : "match.name";
    }
}
