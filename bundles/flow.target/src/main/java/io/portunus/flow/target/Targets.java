// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.Resolution;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import io.portunus.model.IpLiterals;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleDifference.Edit;
import io.portunus.model.RuleSet;
import io.portunus.model.Target;
import io.portunus.node.api.ReadinessCheck;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The targets of the rules in force. Thread-safe: flows read one immutable picture; who applies rules, drains or hands over is one at a time.
 */
class Targets implements TargetSelector, Handover, ReadinessCheck {
    /** Most targets whose state is handed over, drained and failed ones first: a hand-over has room for some 100 values of each. */
    private static final int MAX_GIVEN = 10_000;

    /** No target of any rule can be alive. */
    static final ProblemCode NO_TARGET_ALIVE = new ProblemCode("no_target_alive",
        "Every target of every rule has failed its probes or is drained.");

    private final Environment environment;
    private final TargetEvents events;
    private final ProbeRounds probes;
    private final Supplier<NameService> resolver = this::names;
    private final Map<Key, HandedOver> pending = new HashMap<>();
    private final Map<Key, List<HandedOver>> pendingHosts = new HashMap<>();
    /**
     * The pool of each rule that is enabled, by the rule's number. Changed one by one, so that a change of one rule costs no more among
     * thousands; flows read it meanwhile, and one that finds an older or newer pool of its rule goes by what is known of the targets.
     */
    private final Map<Long, Pool> pools = new ConcurrentHashMap<>();
    /** How many targets each name has that must be looked up; guarded by this. */
    private final Map<String, Integer> lookedUp = new HashMap<>();
    /** Replaced when rules are applied, after their pools. */
    private volatile InForce inForce = new InForce(false, ForwardingTable.EMPTY.rules());
    /** Whether this version is gone for new flows; guarded by this. */
    private boolean stopped;
    /** Replaced when the bundle that resolves names is; each look-up asks the one that is there. */
    private volatile NameService names = NoNames.INSTANCE;

    /** A target of a rule, whatever becomes of the rule's other parts. */
    private record Key(long rule, String target) {
        static Key of(TargetState state) {
            return new Key(state.rule().id(), state.text());
        }
    }

    /**
     * What was applied last.
     *
     * @param serves whether new flows come here; a version that does not serve may still have flows pinned to it
     * @param rules whose pools there are
     */
    private record InForce(boolean serves, RuleSet rules) {
    }

    Targets(Environment environment) {
        this.environment = environment;
        events = new TargetEvents(environment.nanos());
        probes = new ProbeRounds(new SocketQuestioner(resolver, environment), environment);
    }

    // Names.

    /** Another bundle resolves names from now on. */
    final synchronized void names(NameService newer) {
        names = newer;
        if (inForce.serves()) {
            newer.keep(Set.copyOf(lookedUp.keySet()));
        }
    }

    private NameService names() {
        return names;
    }

    /**
     * The bundle goes; if another one has come already, that one stays. A version that has stopped keeps what it has: the framework takes
     * its references from it, but searches it began may still have names to look up.
     */
    final synchronized void namesGone(NameService older) {
        if (names == older && !stopped) {
            names = NoNames.INSTANCE;
        }
    }

    // Rules.

    @Override
    public final synchronized void applied(ForwardingTable table) {
        if (table == ForwardingTable.EMPTY) {
            retire();
            return;
        }
        if (!inForce.serves()) {
            serve(table.rules());
        }
        amend(table.since(inForce.rules()));
        pending.clear();
        pendingHosts.clear();
    }

    /** New flows come here from now on. What is still known of targets is kept where the rules have them yet. */
    private void serve(RuleSet rules) {
        pools.keySet().retainAll(rules.rules().stream().filter(Rule::enabled).map(Rule::id).collect(Collectors.toSet()));
        lookedUp.clear();
        names.keep(Set.of());
        inForce = new InForce(true, ForwardingTable.EMPTY.rules());
    }

    /** Only the pools of rules that came, went, or changed. */
    private void amend(RuleDifference change) {
        List<Pool> older = new ArrayList<>();
        List<Pool> newer = new ArrayList<>();
        for (Edit edit : change.edits()) {
            edit.olderEnabled().map(rule -> pools.get(rule.id())).ifPresent(older::add);
            Optional<Pool> pool = edit.newerEnabled().map(this::pool);
            pool.ifPresentOrElse(its -> pools.put(its.rule().id(), its),
                () -> edit.olderEnabled().ifPresent(gone -> pools.remove(gone.id())));
            pool.ifPresent(newer::add);
        }
        inForce = new InForce(true, change.after());
        Set<String> before = namesOf(Stream.concat(older.stream(), newer.stream()));
        newer.forEach(pool -> named(pool, 1));
        older.forEach(pool -> named(pool, -1));
        if (!namesOf(Stream.concat(older.stream(), newer.stream())).equals(before)) {
            names.keep(Set.copyOf(lookedUp.keySet()));
        }
        probes.settle(older.stream().flatMap(pool -> pool.states().stream()).toList(), plans(newer));
        unprobed(newer);
    }

    /** Names that its targets have; an address needs no look-up. */
    private static Stream<String> names(Pool pool) {
        return pool.states().stream().filter(state -> state.literal().isEmpty()).map(TargetState::name);
    }

    /** Those names of pools that are counted. */
    private Set<String> namesOf(Stream<Pool> of) {
        return of.flatMap(pool -> names(pool)).filter(lookedUp::containsKey).collect(Collectors.toUnmodifiableSet());
    }

    private void named(Pool pool, int more) {
        names(pool).forEach(name -> {
            int count = lookedUp.getOrDefault(name, 0) + more;
            if (count == 0) {
                lookedUp.remove(name);
            } else {
                lookedUp.put(name, count);
            }
        });
    }

    private static Map<TargetState, ProbePlan> plans(Collection<Pool> pools) {
        Map<TargetState, ProbePlan> plans = new HashMap<>();
        for (Pool pool : pools) {
            pool.group().health().probe().ifPresent(probe -> {
                for (int place = 0; place < pool.states().size(); place++) {
                    plans.put(pool.state(place), ProbePlan.of(pool.rule(), pool.target(place), probe));
                }
            });
        }
        return plans;
    }

    private static void unprobed(Collection<Pool> pools) {
        pools.stream().filter(pool -> pool.group().health().probe().isEmpty()).flatMap(pool -> pool.states().stream())
            .forEach(TargetState::unprobed);
    }

    /** Another version serves. What is known is kept for the flows that have it, for pinned ones, and for a way back. */
    private void retire() {
        probes.settle(Map.of());
        states().forEach(TargetState::unprobed);
        inForce = new InForce(false, inForce.rules());
    }

    private Stream<TargetState> states() {
        return pools.values().stream().flatMap(pool -> pool.states().stream());
    }

    private Optional<TargetState> known(Key key) {
        return Optional.ofNullable(pools.get(key.rule()))
            .flatMap(pool -> pool.states().stream().filter(state -> state.text().equals(key.target())).findFirst());
    }

    private Pool pool(Rule rule) {
        List<TargetState> states = new ArrayList<>();
        for (Target target : rule.targets().targets()) {
            Key key = new Key(rule.id(), target.toString());
            Optional<TargetState> before = known(key);
            TargetState known = before.orElseGet(() -> new TargetState(rule, target, environment, events));
            before.ifPresent(state -> state.settle(rule, target));
            HandedOver handed = pending.get(key);
            if (handed != null) {
                known.resume(handed.health(), handed.counts(), handed.drained());
            }
            List<HandedOver> handedHosts = pendingHosts.getOrDefault(key, List.of());
            if (!handedHosts.isEmpty()) {
                known.hosts().ifPresent(hosts -> hosts.expect(handedHosts));
            }
            states.add(known);
        }
        Pool before = pools.get(rule.id());
        return before != null && before.rule().equals(rule) ? before.of(rule) : new Pool(rule, states, environment.chance());
    }

    /** No probes any more; flows go on. */
    final synchronized void stop() {
        stopped = true;
        probes.settle(Map.of());
    }

    // Flows.

    @Override
    public final TargetSelection begin(TargetRequest request, Consumer<CloseReason> end) {
        return new FlowSearch(poolFor(request.route().rule()), request, resolver, end, environment);
    }

    private Pool poolFor(Rule rule) {
        Pool pool = pools.get(rule.id());
        if (pool != null && pool.serves(rule)) {
            return pool;
        }
        // Routed by a table that this one has not heard of yet, or no longer knows: what is known of the targets still counts.
        List<TargetState> states = rule.targets().targets().stream().map(target -> known(new Key(rule.id(), target.toString()))
            .orElseGet(() -> new TargetState(rule, target, environment, events))).toList();
        return new Pool(rule, states, environment.chance());
    }

    // Operators.

    @Override
    public final List<TargetView> targets() {
        InForce now = inForce;
        if (!now.serves()) {
            return List.of();
        }
        return inOrder(now).flatMap(pool -> pool.states().stream().map(state -> view(pool, state))).toList();
    }

    @Override
    public final TargetOutlook outlook(Route route, InetAddress client) {
        return new Outlook(poolFor(route.rule()), client, environment.nanos().getAsLong()).of(route);
    }

    private Stream<Pool> inOrder(InForce its) {
        return its.rules().rules().stream().filter(Rule::enabled).flatMap(rule -> Optional.ofNullable(pools.get(rule.id())).stream());
    }

    private TargetView view(Pool pool, TargetState state) {
        Optional<ServiceHosts> hosts = state.hosts();
        Optional<NameAnswer> known = hosts.flatMap(its -> names.known(state.name())).filter(NameAnswer::usable);
        known.ifPresent(answer -> hosts.orElseThrow().settle(answer.hosts()));
        List<TargetView> ofHosts = known.isEmpty() ? List.of()
            : hosts.orElseThrow().states().stream().map(host -> host.view(resolution(pool, host), List.of())).toList();
        return state.view(resolution(pool, state), ofHosts);
    }

    private Optional<Resolution> resolution(Pool pool, TargetState state) {
        if (state.literal().isPresent()) {
            return Optional.empty();
        }
        return names.known(state.name()).map(answer -> new Resolution(endpoints(pool, answer),
            answer.usable() ? Optional.of(answer.validUntil()) : Optional.empty(), answer.server(),
            answer.problem().isPresent() ? NoNames.reason(answer) : ""))
            .or(() -> Optional.of(new Resolution(List.of(), Optional.empty(), "", "")));
    }

    private static List<String> endpoints(Pool pool, NameAnswer answer) {
        return answer.hosts().isEmpty() ? Endpoints.inTurn(answer, pool.group().preferIpv6(), 0).stream().map(IpLiterals::text).toList()
            : answer.hosts().stream().map(ServiceHost::toString).toList();
    }

    @Override
    public final synchronized boolean drain(String rule, String target, boolean drained) {
        Optional<TargetState> found = inOrder(inForce).filter(pool -> inForce.serves() && pool.rule().name().equals(rule))
            .flatMap(pool -> pool.states().stream()).filter(state -> state.text().equals(target)).findFirst();
        found.ifPresent(state -> state.drain(drained));
        return found.isPresent();
    }

    // Readiness.

    @Override
    public final String name() {
        return TARGETS;
    }

    /** Not ready when no rule has a target that may be alive; one that only flows can try may be, or nobody would ever find out. */
    @Override
    public final List<Problem> problems() {
        InForce now = inForce;
        boolean dead = now.serves() && !pools.isEmpty()
            && states().allMatch(state -> state.drained() || state.probed() && state.health().failed());
        return dead ? List.of(Problem.of(NO_TARGET_ALIVE, TARGETS,
            "Every target of every rule has failed its probes or is drained; look at the targets.")) : List.of();
    }

    // Upgrades.

    @Override
    public final synchronized Map<String, Object> give() {
        long now = environment.nanos().getAsLong();
        return Map.of("targets", states()
            .flatMap(state -> Stream.concat(Stream.of(state), state.hosts().stream().flatMap(hosts -> hosts.states().stream())))
            .filter(TargetState::eventful)
            .sorted(Comparator.comparing(state -> !state.drainedByOperator() && !state.health().failed())).limit(MAX_GIVEN)
            .map(state -> HandedOver.give(state, now)).toList());
    }

    @Override
    public final synchronized void take(Map<String, Object> state) {
        if (!(state.get("targets") instanceof List<?> entries)) {
            return;
        }
        Timestamp now = environment.now();
        entries.stream().limit(MAX_GIVEN).forEach(entry -> {
            if (entry instanceof Map<?, ?> plain) {
                take(HandedOver.take(plain, now));
            }
        });
        pendingHosts.forEach((key, handed) -> known(key).flatMap(TargetState::hosts).ifPresent(hosts -> hosts.expect(handed)));
        if (!inForce.serves()) {
            // A target of which the version that served knows nothing is not drained any more.
            states().filter(known -> !pending.containsKey(Key.of(known))).forEach(known -> known.drain(false));
        }
    }

    private void take(HandedOver handed) {
        if (handed.ruleId().isEmpty()) {
            return;
        }
        Key key = new Key(handed.ruleId().getAsLong(), handed.owner());
        Optional<TargetState> known = Optional.of(key).filter(its -> inForce.serves()).flatMap(this::known);
        if (handed.ofService()) {
            pendingHosts.computeIfAbsent(key, its -> new ArrayList<>()).add(handed);
        } else {
            known.ifPresentOrElse(state -> state.resume(handed.health(), handed.counts(), handed.drained()), () -> pending.put(key, handed));
        }
    }
}
