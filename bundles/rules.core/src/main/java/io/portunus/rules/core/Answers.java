// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.node.api.Publication;
import io.portunus.node.api.Publication.Answer;
import io.portunus.node.api.Publication.Why;
import io.portunus.rules.core.Sources.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** States of each rule of a source what became of it. Looked for only if something is not as it should be. For one publication. */
final class Answers {
    private final ForwardingTable table;
    private final Sources sources;
    private final Absent missing;
    private final Map<ListenKey, Problem> unbound;
    private final IdentityHashMap<Rule, Problem> waiting = new IdentityHashMap<>();
    /** Places in the table of the rules in force, by ids; looked for only if something is missing. */
    private final Map<Long, Integer> places = new HashMap<>();
    private final List<Answer> answers = new ArrayList<>();

    Answers(ForwardingEngine engine, ForwardingTable table, Sources sources, Absent missing) {
        this.table = table;
        this.sources = sources;
        this.missing = missing;
        this.unbound = engine.listeners().stream().filter(listener -> listener.problem().isPresent())
            .collect(Collectors.toMap(ListenerView::key, listener -> listener.problem().orElseThrow(), (one, same) -> one));
    }

    /** The answer to a source. */
    Publication of(String source) {
        sources.waiting(source).forEach((Waiting its) -> waiting.put(its.rule(), its.problem()));
        if (!missing.none()) {
            table.rules().rules().forEach(rule -> places.put(rule.id(), places.size()));
        }
        List<Rule> rules = Optional.ofNullable(sources.given().get(source)).map(its -> its.set().rules()).orElse(List.of());
        for (int place = 0; place < rules.size(); place++) {
            answer(rules.get(place), place);
        }
        return new Publication(List.of(), answers);
    }

    private void answer(Rule rule, int place) {
        Problem inTheWay = waiting.get(rule);
        if (inTheWay != null) {
            answers.add(new Answer(rule.name(), Why.CONFLICT, inTheWay, Optional.empty()));
        } else if (rule.enabled()) {
            if (!unbound.isEmpty()) {
                rule.listenKeys().filter(unbound::containsKey).forEach(key ->
                    answers.add(new Answer(rule.name(), Why.UNBOUND, Optional.ofNullable(unbound.get(key)).orElseThrow(), Optional.of(key))));
            }
            Optional.ofNullable(places.get(rule.id())).flatMap(its -> missing.problem(table, its)
                .map(problem -> own(problem, its, place))).ifPresent(problem ->
                    answers.add(new Answer(rule.name(), Why.UNRECOGNISED, problem, Optional.empty())));
        }
    }

    /** The problem by the place of the rule in its source, where that is another. */
    private static Problem own(Problem problem, int merged, int place) {
        return merged == place ? problem
            : problem.rule().map(its -> Problem.ofRule(problem.code(), place, its.key(), problem.text())).orElse(problem);
    }
}
