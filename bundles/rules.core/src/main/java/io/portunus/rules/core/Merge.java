// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleChecks;
import io.portunus.model.RuleChecks.Blame;
import io.portunus.model.RuleCode;
import io.portunus.rules.core.Sources.Given;
import io.portunus.rules.core.Sources.Waiting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds which rules of several sources may be in force together. Whoever comes first in the order of {@link Standing} keeps what it has, and what
 * is in its way waits. For one publication.
 */
final class Merge {
    /** Most rules that are tried once more, each alone, after all that were blamed were put aside: one may have been blamed for another's sake. */
    private static final int MAX_RETRIES = 16;

    private final Sources before;
    private final Map<String, Given> sets;
    private final String source;
    private final List<Waiting> waiting = new ArrayList<>();

    /** What a rule has a right to. The order is the order of precedence. */
    private enum Standing {
        /** In force, and not changed. */
        KEPT,
        /** In force, and differs now. */
        CHANGED,
        /** Not in force yet. */
        NEW
    }

    /** A rule, its source, and its place there. */
    private record Entry(String source, int place, Rule rule, Standing standing) {
    }

    /**
     * A merge.
     *
     * @param before what is in force
     * @param sets what is to be
     * @param source whose set is new
     */
    Merge(Sources before, Map<String, Given> sets, String source) {
        this.before = before;
        this.sets = sets;
        this.source = source;
    }

    /** Finds them; what is to be answered if that cannot be, as when all rules together have too many ports. */
    List<Problem> run() {
        List<Entry> entries = distinct();
        List<Entry> aside = new ArrayList<>();
        for (List<Blame> blames = blames(entries); !blames.isEmpty(); blames = blames(entries)) {
            Optional<Blame> all = blames.stream().filter(blame -> blame.place().isEmpty()).findFirst();
            if (all.isPresent()) {
                return List.of(Problem.of(all.get().code(), "rule", all.get().text()));
            }
            Set<Entry> blamed = blamed(entries, blames);
            aside.addAll(blamed);
            entries.removeAll(blamed);
        }
        readmit(entries, aside);
        return List.of();
    }

    /** Those that wait, source by source in their order. */
    List<Waiting> waiting() {
        return waiting;
    }

    /** Every rule in the order of precedence, but those whose id another has. */
    private List<Entry> distinct() {
        List<Entry> all = new ArrayList<>();
        sets.forEach((name, its) -> {
            Map<Long, Rule> inForce = inForce(name);
            for (int place = 0; place < its.set().rules().size(); place++) {
                Rule rule = its.set().rules().get(place);
                Optional<Rule> was = Optional.ofNullable(inForce.get(rule.id()));
                all.add(new Entry(name, place, rule, was.map(w -> w.equals(rule) ? Standing.KEPT : Standing.CHANGED).orElse(Standing.NEW)));
            }
        });
        all.sort(Comparator.comparing(Entry::standing));
        Map<Long, Entry> ids = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : all) {
            Entry holder = ids.putIfAbsent(entry.rule().id(), entry);
            if (holder == null) {
                entries.add(entry);
            } else {
                wait(entry, Problem.of(RuleCode.DUPLICATE_ID, "rule[" + entry.place() + "].name", called(holder)
                    + " has the id " + entry.rule().idText() + " already; ids are unique on a node, so give one of them another name"));
            }
        }
        return entries;
    }

    private Map<Long, Rule> inForce(String name) {
        Map<Long, Rule> rules = new HashMap<>();
        Set<Rule> aside = identities(before.waiting(name).stream().map(Waiting::rule).toList());
        Optional.ofNullable(before.given().get(name)).ifPresent(its -> its.set().rules().stream().filter(rule -> !aside.contains(rule))
            .forEach(rule -> rules.put(rule.id(), rule)));
        return rules;
    }

    private static List<Blame> blames(List<Entry> entries) {
        return RuleChecks.blame(entries.stream().map(Entry::rule).toList(), List.of(), place -> called(entries.get(place)));
    }

    private static String called(Entry entry) {
        return "rule '" + entry.rule().name() + "' of the source '" + entry.source() + "'";
    }

    /** The rules that are blamed, each with its first problem; where one would be that is in force as it was, what is new yields in its place. */
    private Set<Entry> blamed(List<Entry> entries, List<Blame> blames) {
        Map<Entry, Blame> blamed = new LinkedHashMap<>();
        blames.forEach(blame -> blamed.putIfAbsent(entries.get(blame.place().orElseThrow()), blame));
        Optional<Map.Entry<Entry, Blame>> kept = blamed.entrySet().stream().filter(its -> its.getKey().standing() == Standing.KEPT).findFirst();
        List<Entry> others = entries.stream().filter(entry -> entry.standing() != Standing.KEPT).toList();
        List<Entry> its = others.stream().filter(entry -> entry.source().equals(source)).toList();
        List<Entry> newer = its.isEmpty() ? others : its;
        if (kept.isPresent() && !newer.isEmpty()) {
            Blame why = kept.get().getValue();
            newer.forEach(entry -> wait(entry, Problem.of(why.code(), "rule[" + entry.place() + "]." + why.key(), "beside it "
                + called(kept.get().getKey()) + " could not stay as it is: " + why.text())));
            return new HashSet<>(newer);
        }
        blamed.forEach((entry, blame) -> wait(entry, blame.at(entry.place())));
        return blamed.keySet();
    }

    private void wait(Entry entry, Problem problem) {
        waiting.add(new Waiting(entry.source(), entry.rule(), problem));
    }

    /** Takes back what was blamed for a rule that itself had to yield. */
    private void readmit(List<Entry> entries, List<Entry> aside) {
        aside.sort(Comparator.comparing(Entry::standing));
        for (Entry entry : aside.subList(0, Math.min(aside.size(), MAX_RETRIES))) {
            entries.add(entry);
            if (blames(entries).isEmpty()) {
                waiting.removeIf(its -> identities(List.of(entry.rule())).contains(its.rule()));
            } else {
                entries.removeLast();
            }
        }
        Map<String, Integer> order = new HashMap<>();
        sets.keySet().forEach(name -> order.put(name, order.size()));
        waiting.sort(Comparator.comparing(its -> order.getOrDefault(its.source(), 0)));
    }

    /** Rules by what they are, not by what they say: two sources may say the same. */
    static Set<Rule> identities(Collection<Rule> rules) {
        Set<Rule> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(rules);
        return identities;
    }
}
