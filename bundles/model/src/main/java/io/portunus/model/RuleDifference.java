// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything by which one rule set differs from another, rule by rule. Rules are the same by their ids, which are unique in a set.
 *
 * @param before the older set
 * @param after the newer set, with the older set's own objects where rules are equal
 * @param edits what differs, in the order of the newer set; a rule that no edit has is equal in both sets
 * @param inOrder whether rules that are in both sets follow each other in the same order in both; those that do not have an edit, too
 */
public record RuleDifference(RuleSet before, RuleSet after, List<Edit> edits, boolean inOrder) {
    /**
     * One rule that came, went, differs, or stands behind one that it stood before.
     *
     * @param place place of the newer rule in its set; of one that went, of whatever is there instead
     * @param older the rule before; empty if it came
     * @param newer the rule with the same id; empty if it went
     */
    public record Edit(int place, Optional<Rule> older, Optional<Rule> newer) {
        /** The older rule, if it held ports. */
        public Optional<Rule> olderEnabled() {
            return older.filter(Rule::enabled);
        }

        /** The newer rule, if it holds ports. */
        public Optional<Rule> newerEnabled() {
            return newer.filter(Rule::enabled);
        }

        /** Whether the newer rule has a name that the older had not. */
        boolean names() {
            return newer.isPresent() && !older.map(Rule::name).equals(newer.map(Rule::name));
        }

        /** The listeners that the rule was on, and those that it is on now. */
        Set<ListenKey> keys() {
            Set<ListenKey> keys = new LinkedHashSet<>();
            olderEnabled().ifPresent(rule -> rule.listenKeys().forEach(keys::add));
            newerEnabled().ifPresent(rule -> rule.listenKeys().forEach(keys::add));
            return keys;
        }
    }

    /** Copies the list. */
    public RuleDifference {
        edits = List.copyOf(edits);
    }

    /**
     * Compares two sets: by their objects first, so that sets that share them, and differ in one place, cost a look at each rule; of rules
     * between two places that differ the ids are looked up.
     */
    public static RuleDifference between(RuleSet before, RuleSet after) {
        Comparison comparison = new Comparison(before.rules(), after.rules());
        comparison.run();
        return new RuleDifference(before, comparison.shared(after), comparison.edits, comparison.inOrder);
    }

    /** Whether nothing differs, the revision neither. */
    public boolean none() {
        return edits.isEmpty() && before.revision().equals(after.revision());
    }

    /** Every listener that a rule of the difference was or is on, in the order of the rules. */
    public Set<ListenKey> keys() {
        Set<ListenKey> keys = new LinkedHashSet<>();
        edits.forEach(edit -> keys.addAll(edit.keys()));
        return keys;
    }

    /** Goes through both lists at once. Confined to one thread. */
    private static final class Comparison {
        private final List<Rule> older;
        private final List<Rule> newer;
        private final List<Edit> edits = new ArrayList<>();
        /** The newer rules with the older objects; empty while they are the same. */
        private List<Rule> shared = List.of();
        private boolean inOrder = true;

        Comparison(List<Rule> older, List<Rule> newer) {
            this.older = older;
            this.newer = newer;
        }

        /** From both ends as far as the ids are the same, which leaves little in between. */
        void run() {
            int most = Math.min(older.size(), newer.size());
            int begin = 0;
            while (begin < most && older.get(begin).id() == newer.get(begin).id()) {
                stayed(begin, begin);
                begin++;
            }
            int end = 0;
            while (end < most - begin && older.get(older.size() - 1 - end).id() == newer.get(newer.size() - 1 - end).id()) {
                end++;
            }
            between(begin, older.size() - end, newer.size() - end);
            for (int left = end; left > 0; left--) {
                stayed(older.size() - left, newer.size() - left);
            }
        }

        private void between(int begin, int olderEnd, int newerEnd) {
            Map<Long, Integer> were = new HashMap<>();
            for (int place = begin; place < olderEnd; place++) {
                were.put(older.get(place).id(), place);
            }
            Set<Long> are = newer.subList(begin, newerEnd).stream().map(Rule::id).collect(Collectors.toUnmodifiableSet());
            int seen = begin;
            for (int place = begin; place < newerEnd; place++) {
                Integer was = were.remove(newer.get(place).id());
                if (was == null) {
                    edits.add(new Edit(place, Optional.empty(), Optional.of(newer.get(place))));
                } else if (was < seen) {
                    inOrder = false;
                    share(was, place);
                    edits.add(new Edit(place, Optional.of(older.get(was)), Optional.of(rule(place))));
                } else {
                    went(seen, was, are, place);
                    stayed(was, place);
                    seen = was + 1;
                }
            }
            went(seen, olderEnd, are, newerEnd);
        }

        private void went(int from, int end, Set<Long> are, int place) {
            older.subList(from, end).stream().filter(rule -> !are.contains(rule.id()))
                .forEach(rule -> edits.add(new Edit(place, Optional.of(rule), Optional.empty())));
        }

        private void stayed(int was, int place) {
            if (!older.get(was).is(newer.get(place)) && !share(was, place)) {
                edits.add(new Edit(place, Optional.of(older.get(was)), Optional.of(newer.get(place))));
            }
        }

        /** Has the newer list take the older object, if the two are equal. */
        private boolean share(int was, int place) {
            boolean equal = older.get(was).equals(newer.get(place));
            if (equal) {
                if (shared.isEmpty()) {
                    shared = new ArrayList<>(newer);
                }
                shared.set(place, older.get(was));
            }
            return equal;
        }

        private Rule rule(int place) {
            return shared.isEmpty() ? newer.get(place) : shared.get(place);
        }

        RuleSet shared(RuleSet after) {
            return shared.isEmpty() ? after : new RuleSet(after.revision(), shared);
        }
    }
}
