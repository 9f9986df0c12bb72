// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleSet;
import io.portunus.node.api.Publication;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import io.portunus.node.api.RuleSourceStatus;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleStatus.State;
import io.portunus.node.api.RuleTimes;
import io.portunus.rules.core.Sources.Attempt;
import io.portunus.rules.core.Sources.Given;
import io.portunus.rules.core.Sources.Waiting;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules in force, of all sources. Thread-safe: sets are applied one after the other, readers never wait for them. */
final class RulesInForce implements RulePublisher, RuleCatalog, ReadinessCheck {
    /** Most rules that wait and are shown as degraded; the catalog has them all. */
    static final int MAX_SHOWN = 16;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9.-]{0," + (MAX_NAME - 1) + "}");

    private final ForwardingEngine engine;
    private final RuleEvents events;
    private final LastSets lastSets;
    private final ReentrantLock publishing = new ReentrantLock();
    /** What is in force, empty before the first. Volatile: written under the lock, read by surfaces without it. */
    private volatile Optional<InForce> inForce = Optional.empty();
    /** Why there are none yet. Volatile for the same reason. */
    private volatile List<Problem> none = List.of(Problem.of(ProblemCode.COMPONENT_MISSING, RULES, "no source has given rules yet"));
    private final StateTimes times;

    /**
     * What is in force.
     *
     * @param table of the merged rules
     * @param sources who gave them
     */
    private record InForce(ForwardingTable table, Sources sources) {
    }

    RulesInForce(ForwardingEngine engine, RuleEvents events, InstantSource clock, LastSets lastSets) {
        this.engine = engine;
        this.events = events;
        this.times = new StateTimes(clock);
        this.lastSets = lastSets;
    }

    @Override
    public Publication publish(String source, RuleSet rules) {
        requireName(source);
        publishing.lock();
        try {
            Publication publication = publish(source, new Given(rules, Optional.empty()));
            if (publication.taken()) {
                lastSets.keep(source, rules);
            }
            return publication;
        } finally {
            publishing.unlock();
        }
    }

    @Override
    public Optional<Publication> publishLast(String source, Problem why) {
        requireName(source);
        publishing.lock();
        try {
            return merged().given().containsKey(source) ? Optional.empty()
                : lastSets.read(source).map(set -> publish(source, new Given(set, Optional.of(why))));
        } finally {
            publishing.unlock();
        }
    }

    private static void requireName(String source) {
        if (!NAME.matcher(source).matches()) {
            throw new IllegalArgumentException("'" + source + "' is no name of a source of rules");
        }
    }

    private Publication publish(String source, Given given) {
        Sources before = merged();
        ForwardingTable last = table();
        boolean well = engine.unbound().isEmpty() && Absent.from(engine).none();
        if (!before.given().containsKey(source) && before.given().size() == MAX_SOURCES) {
            return Publication.refused(List.of(Problem.of(ProblemCode.INVALID_VALUE, "", "there are " + MAX_SOURCES + " sources of rules already")));
        }
        Attempt attempt = before.with(source, given, last);
        if (!attempt.refused().isEmpty()) {
            none = attempt.refused();
            return Publication.refused(attempt.refused());
        }
        Sources after = attempt.sources();
        boolean waits = !before.waiting().isEmpty() || !after.waiting().isEmpty();
        if (well && inForce.isPresent() && attempt.change().none() && !waits) {
            inForce = Optional.of(new InForce(last, after));
            return Publication.WELL;
        }
        return apply(source, attempt, well && !waits);
    }

    private Publication apply(String source, Attempt attempt, boolean well) {
        ForwardingTable last = table();
        RuleDifference change = attempt.change();
        // Where every listener is bound, every kind recognised and nothing waits, before and after, rules that are in both sets are as they were.
        boolean known = well && engine.table().equals(last);
        List<RuleStatus> before = known ? List.of() : statuses();
        ForwardingTable next = last.with(change);
        boolean first = inForce.isEmpty();
        List<Problem> unbound = engine.apply(next);
        inForce = Optional.of(new InForce(next, attempt.sources()));
        times.published(change);
        Absent missing = Absent.from(engine);
        if (known && unbound.isEmpty() && missing.none()) {
            changed(change);
        } else {
            // At the start parts come in any order; the engine reports kinds that nobody has come for.
            events.changed(known ? active(last.rules()) : before, statuses(first ? Absent.NOBODY : missing));
        }
        boolean plain = unbound.isEmpty() && missing.none() && attempt.sources().waiting().isEmpty();
        return plain ? Publication.WELL : new Answers(engine, next, attempt.sources(), missing).of(source);
    }

    private void changed(RuleDifference change) {
        events.changed(change.edits().stream().flatMap(edit -> edit.older().stream()).map(RulesInForce::active).toList(),
            change.edits().stream().flatMap(edit -> edit.newer().stream()).map(RulesInForce::active).toList());
    }

    private static List<RuleStatus> active(RuleSet rules) {
        return rules.rules().stream().map(RulesInForce::active).toList();
    }

    /** The state of a rule whose listeners are all bound. */
    private static RuleStatus active(Rule rule) {
        return new RuleStatus(rule, rule.enabled() ? State.ACTIVE : State.DISABLED, List.of());
    }

    private ForwardingTable table() {
        return inForce.map(InForce::table).orElse(ForwardingTable.EMPTY);
    }

    private Sources merged() {
        return inForce.map(InForce::sources).orElse(Sources.NONE);
    }

    @Override
    public String name() {
        return RULES;
    }

    @Override
    public List<Problem> problems() {
        return inForce.isPresent() ? List.of() : none;
    }

    @Override
    public List<Problem> degraded() {
        Sources now = merged();
        Stream<Problem> last = now.given().entrySet().stream()
            .flatMap(its -> its.getValue().last().map(why -> onDisk(its.getKey(), its.getValue(), why)).stream());
        Stream<Problem> waiting = now.waiting().stream().map(Waiting::problem).limit(MAX_SHOWN);
        return Stream.of(last, waiting, lastSets.problems().stream()).flatMap(problems -> problems).toList();
    }

    private static Problem onDisk(String source, Given given, Problem why) {
        return Problem.of(why.code(), "source." + source, "the last rules of the source '" + source + "' are in force, revision "
            + given.set().revision() + ", until it gives others: " + why.text());
    }

    @Override
    public List<RuleSourceStatus> sources() {
        Sources now = merged();
        return now.given().entrySet().stream().map(its -> new RuleSourceStatus(its.getKey(), its.getValue().set().revision(),
            its.getValue().set().rules().size(), now.waiting(its.getKey()).size(), lastSets.stored(its.getKey()), its.getValue().last())).toList();
    }

    @Override
    public Optional<RuleSet> current() {
        return inForce.map(InForce::table).map(ForwardingTable::rules);
    }

    @Override
    public List<RuleStatus> statuses() {
        return statuses(Absent.from(engine));
    }

    @Override
    public Map<Long, RuleTimes> ruleTimes() {
        times.missing(Absent.from(engine).offers());
        Map<ListenKey, ListenerView> listeners = listeners();
        Map<Long, RuleTimes> all = new HashMap<>();
        Stream.concat(current().map(RuleSet::rules).orElse(List.of()).stream(), waitingNow().stream().map(Waiting::rule))
            .forEach(rule -> all.putIfAbsent(rule.id(), times.of(rule, listeners)));
        return all;
    }

    private List<Waiting> waitingNow() {
        return merged().waiting();
    }

    private Map<ListenKey, ListenerView> listeners() {
        return engine.listeners().stream().collect(Collectors.toMap(ListenerView::key, listener -> listener));
    }

    private List<RuleStatus> statuses(Absent missing) {
        Optional<InForce> now = inForce;
        ForwardingTable table = now.map(InForce::table).orElse(ForwardingTable.EMPTY);
        List<Rule> rules = table.rules().rules();
        times.missing(missing.offers());
        Map<ListenKey, ListenerView> listeners = listeners();
        List<RuleStatus> statuses = new ArrayList<>(rules.size());
        for (int place = 0; place < rules.size(); place++) {
            Rule rule = rules.get(place);
            statuses.add(status(rule, listeners, missing.none() ? Optional.empty() : missing.problem(table, place)));
        }
        now.map(InForce::sources).orElse(Sources.NONE).waiting()
            .forEach(its -> statuses.add(new RuleStatus(its.rule(), State.FAILED, List.of(its.problem()))));
        return List.copyOf(statuses);
    }

    private static RuleStatus status(Rule rule, Map<ListenKey, ListenerView> listeners, Optional<Problem> unrecognised) {
        if (!rule.enabled()) {
            return new RuleStatus(rule, State.DISABLED, List.of());
        }
        List<Problem> problems = new ArrayList<>();
        rule.listenKeys().forEach(key ->
            Optional.ofNullable(listeners.get(key)).map(ListenerView::problem).orElseGet(() -> Optional.of(unknown(key)))
                .ifPresent(problems::add));
        unrecognised.ifPresent(problems::add);
        return new RuleStatus(rule, problems.isEmpty() ? State.ACTIVE : State.FAILED, problems);
    }

    private static Problem unknown(ListenKey key) {
        return Problem.ofListener(ProblemCode.COMPONENT_MISSING, key, "the engine does not have the listener yet; its log says why");
    }
}
