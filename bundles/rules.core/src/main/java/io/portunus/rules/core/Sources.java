// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.ForwardingTable;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What sources have given, and what of it may be in force together. Immutable. With one source its set is in force as it is; only where rules of
 * two sources are in each other's way is every rule looked at.
 *
 * @param given the set of each source, the first to give one first
 * @param merged the rules that may be in force together, source by source
 * @param waiting those that others are in the way of
 */
record Sources(Map<String, Given> given, RuleSet merged, List<Waiting> waiting) {
    static final Sources NONE = new Sources(Map.of(), new RuleSet("", List.of()), List.of());

    /**
     * A set.
     *
     * @param set the set
     * @param last why it is the last one from disk; empty if the source gave it
     */
    record Given(RuleSet set, Optional<Problem> last) {
    }

    /**
     * A rule that waits.
     *
     * @param source who gave it
     * @param rule the rule
     * @param problem what is in its way, with its place in the set of its source
     */
    record Waiting(String source, Rule rule, Problem problem) {
    }

    /**
     * What a set would come to.
     *
     * @param sources with the set
     * @param change of the rules in force
     * @param refused what is wrong with the set; empty if it can be taken
     */
    record Attempt(Sources sources, RuleDifference change, List<Problem> refused) {
    }

    /** Copies the list; the map is nobody else's. */
    Sources {
        waiting = List.copyOf(waiting);
    }

    /**
     * Takes the set of a source in place of the one it gave before.
     *
     * @param table of the rules in force
     */
    Attempt with(String source, Given newer, ForwardingTable table) {
        Map<String, Given> sets = new LinkedHashMap<>(given);
        sets.put(source, newer);
        Sources all = new Sources(sets, joined(sets, Set.of()), List.of());
        RuleDifference change = RuleDifference.between(table.rules(), all.merged);
        if (sets.size() == 1 || waiting.isEmpty()) {
            List<Problem> problems = RuleChecks.check(table, change, List.of());
            if (problems.isEmpty() || sets.size() == 1) {
                return new Attempt(all, change, problems);
            }
        }
        List<Problem> own = RuleChecks.check(newer.set().rules(), List.of());
        return own.isEmpty() ? merged(source, sets, table) : new Attempt(this, change, own);
    }

    private Attempt merged(String source, Map<String, Given> sets, ForwardingTable table) {
        Merge merge = new Merge(this, sets, source);
        List<Problem> refused = merge.run();
        Set<Rule> aside = Merge.identities(merge.waiting().stream().map(Waiting::rule).toList());
        Sources all = new Sources(sets, joined(sets, aside), merge.waiting());
        return new Attempt(all, RuleDifference.between(table.rules(), all.merged), refused);
    }

    /** The rules of all sources but some; with one source its own set, which whoever compares knows. */
    private static RuleSet joined(Map<String, Given> sets, Set<Rule> but) {
        if (sets.size() == 1) {
            return sets.values().iterator().next().set();
        }
        List<Rule> rules = new ArrayList<>();
        sets.values().forEach(its -> its.set().rules().stream().filter(rule -> !but.contains(rule)).forEach(rules::add));
        return new RuleSet(sets.entrySet().stream().map(its -> its.getKey() + ":" + its.getValue().set().revision())
            .collect(Collectors.joining(" ")), rules);
    }

    /** Whether a source's set is this one already, in the same way. */
    boolean has(String source, Given other) {
        return Optional.ofNullable(given.get(source)).filter(other::equals).isPresent();
    }

    /** The rules of a source that wait. */
    List<Waiting> waiting(String source) {
        return waiting.stream().filter(its -> its.source().equals(source)).toList();
    }
}
