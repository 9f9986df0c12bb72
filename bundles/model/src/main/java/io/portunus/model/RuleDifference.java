// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one rule set differs from another, rule by rule. Only differences of few rules are told, of rules whose ids and names are their own
 * and that stay in their order; of all others it is only known that they are larger, and whoever asks does everything as for a new set.
 *
 * @param before the older set
 * @param after the newer set; if the difference is told, it has the older set's own objects where rules are equal
 * @param told whether {@code edits} is everything that differs
 * @param edits what differs, in the order of the sets
 */
public record RuleDifference(RuleSet before, RuleSet after, boolean told, List<Edit> edits) {
    /** Most edits that are told. */
    public static final int MAX_EDITS = 64;

    /**
     * One rule that came, went, or says something else.
     *
     * @param place place of the newer rule in its set; of one that went, of whatever is there instead
     * @param older the rule before; empty if it came
     * @param newer the rule with the same id at the same place; empty if it went
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

    /** Compares two sets: by their objects first, so that sets that share them cost a look at each. */
    public static RuleDifference between(RuleSet before, RuleSet after) {
        Walk walk = new Walk(before.rules(), after.rules());
        if (!walk.run()) {
            return new RuleDifference(before, after, false, List.of());
        }
        return new RuleDifference(before, walk.shared(after), true, walk.edits);
    }

    /** Whether nothing differs, the revision neither. */
    public boolean none() {
        return told && edits.isEmpty() && before.revision().equals(after.revision());
    }

    /** Every listener that a rule of the difference was or is on, in the order of the rules. */
    public Set<ListenKey> keys() {
        Set<ListenKey> keys = new LinkedHashSet<>();
        edits.forEach(edit -> keys.addAll(edit.keys()));
        return keys;
    }

    /** Goes through both lists at once. Confined to one thread. */
    private static final class Walk {
        private final List<Rule> older;
        private final List<Rule> newer;
        private final List<Edit> edits = new ArrayList<>();
        /** The newer rules with the older objects; empty while they are the same. */
        private List<Rule> shared = List.of();
        private int from;
        private int to;

        Walk(List<Rule> older, List<Rule> newer) {
            this.older = older;
            this.newer = newer;
        }

        /** Whether the difference can be told. */
        boolean run() {
            while (from < older.size() || to < newer.size()) {
                if (edits.size() > MAX_EDITS) {
                    return false;
                }
                step();
            }
            return edits.size() <= MAX_EDITS && unambiguous();
        }

        private void step() {
            if (from == older.size()) {
                came();
            } else if (to == newer.size()) {
                went();
            } else if (older.get(from).is(newer.get(to))) {
                from++;
                to++;
            } else if (older.get(from).id() == newer.get(to).id()) {
                sameId();
            } else {
                align();
            }
        }

        private void sameId() {
            Rule was = older.get(from);
            Rule is = newer.get(to);
            if (was.equals(is)) {
                if (shared.isEmpty()) {
                    shared = new ArrayList<>(newer);
                }
                shared.set(to, was);
            } else {
                edits.add(new Edit(to, Optional.of(was), Optional.of(is)));
            }
            from++;
            to++;
        }

        /** Two rules that are not the same: those up to the next that is came, or went. */
        private void align() {
            int coming = ahead(newer, to, older.get(from).id());
            int going = ahead(older, from, newer.get(to).id());
            if (coming <= going && coming <= MAX_EDITS) {
                repeat(coming, this::came);
            } else if (going <= MAX_EDITS) {
                repeat(going, this::went);
            } else {
                went();
                came();
            }
        }

        /** How far ahead a rule is; more than {@link #MAX_EDITS} if it is not near. */
        private static int ahead(List<Rule> rules, int from, long id) {
            int most = Math.min(MAX_EDITS, rules.size() - from - 1);
            for (int i = 1; i <= most; i++) {
                if (rules.get(from + i).id() == id) {
                    return i;
                }
            }
            return MAX_EDITS + 1;
        }

        private static void repeat(int times, Runnable step) {
            for (int i = 0; i < times; i++) {
                step.run();
            }
        }

        private void came() {
            edits.add(new Edit(to, Optional.empty(), Optional.of(newer.get(to++))));
        }

        private void went() {
            edits.add(new Edit(to, Optional.of(older.get(from++)), Optional.empty()));
        }

        /** Whether what came, went, holds ports or none now, or has another name, has an id and a name that no other newer rule has. */
        private boolean unambiguous() {
            List<Rule> came = edits.stream().filter(edit -> !stays(edit)).flatMap(edit -> edit.newer().stream()).toList();
            List<Rule> went = edits.stream().filter(edit -> edit.newer().isEmpty()).flatMap(edit -> edit.older().stream()).toList();
            if (came.isEmpty() && went.isEmpty()) {
                return true;
            }
            // One that went and came has moved. Numbers are not boxed here, as each rule of the set is looked at.
            long[] ids = Stream.concat(came.stream(), went.stream()).mapToLong(Rule::id).sorted().distinct().toArray();
            Set<String> names = came.stream().map(Rule::name).collect(Collectors.toUnmodifiableSet());
            if (ids.length < came.size() + went.size() || names.size() < came.size()) {
                return false;
            }
            int found = 0;
            for (Rule rule : newer) {
                found += Arrays.binarySearch(ids, rule.id()) >= 0 || names.contains(rule.name()) ? 1 : 0;
            }
            return found == came.size();
        }

        private static boolean stays(Edit edit) {
            return edit.older().isPresent() && edit.newer().isPresent() && edit.older().get().name().equals(edit.newer().get().name())
                && edit.older().get().enabled() == edit.newer().get().enabled();
        }

        RuleSet shared(RuleSet after) {
            return shared.isEmpty() ? after : new RuleSet(after.revision(), shared);
        }
    }
}
