// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.Resolution;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import io.portunus.model.IpLiterals;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.node.api.ReadinessCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The targets of the rules in force. Thread-safe: flows read one immutable picture; who applies rules, drains or hands over is one at a time.
 */
class Targets implements TargetSelector, Handover, ReadinessCheck {
    /** Most targets whose state is handed over, drained and failed ones first: a hand-over has room for some 100 values of each. */
    private static final int MAX_GIVEN = 10_000;

    private final Surroundings surroundings;
    private final TargetEvents events;
    private final ProbeRounds probes;
    private final Supplier<NameService> resolver = this::names;
    private final Map<Key, HandedOver> pending = new HashMap<>();
    /** Replaced when rules are applied; flows read it. */
    private volatile InForce inForce = InForce.NOTHING;
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
     * @param inOrder of the rules that are enabled
     * @param pools by rule, the object itself: what routes have
     * @param byId by the rule's number
     * @param states every target of these pools
     */
    private record InForce(boolean serves, List<Pool> inOrder, IdentityHashMap<Rule, Pool> pools, Map<Long, Pool> byId,
            Map<Key, TargetState> states) {
        static final InForce NOTHING = new InForce(false, List.of(), new IdentityHashMap<>(), Map.of(), Map.of());

        static InForce of(List<Pool> pools) {
            IdentityHashMap<Rule, Pool> byRule = new IdentityHashMap<>();
            Map<Long, Pool> byId = new HashMap<>();
            Map<Key, TargetState> states = new HashMap<>();
            for (Pool pool : pools) {
                byRule.put(pool.rule(), pool);
                byRule.put(pool.first(), pool);
                byId.put(pool.rule().id(), pool);
                pool.states().forEach(state -> states.put(Key.of(state), state));
            }
            return new InForce(true, List.copyOf(pools), byRule, byId, states);
        }
    }

    Targets(Surroundings surroundings) {
        this.surroundings = surroundings;
        events = new TargetEvents(surroundings.nanos());
        probes = new ProbeRounds(new SocketQuestioner(resolver, surroundings), surroundings);
    }

    // Names.

    /** Another bundle resolves names from now on. */
    final synchronized void names(NameService newer) {
        names = newer;
        if (inForce.serves()) {
            newer.keep(hosts());
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

    private Set<String> hosts() {
        return inForce.inOrder().stream().flatMap(pool -> pool.group().targets().stream()).map(target -> target.address().host())
            .filter(host -> IpLiterals.parse(host).isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    // Rules.

    @Override
    public final synchronized void applied(ForwardingTable table) {
        if (table == ForwardingTable.EMPTY) {
            retire();
            return;
        }
        List<Pool> pools = table.rules().rules().stream().filter(Rule::enabled).map(this::pool).toList();
        inForce = InForce.of(pools);
        pending.clear();
        names.keep(hosts());
        Map<TargetState, ProbePlan> plans = new HashMap<>();
        for (Pool pool : pools) {
            pool.group().health().probe().ifPresent(probe -> {
                for (int place = 0; place < pool.states().size(); place++) {
                    plans.put(pool.state(place), ProbePlan.of(pool.rule(), pool.target(place), probe));
                }
            });
        }
        probes.settle(plans);
        pools.stream().filter(pool -> pool.group().health().probe().isEmpty()).flatMap(pool -> pool.states().stream())
            .forEach(TargetState::unprobed);
    }

    /** Another version serves. What is known is kept for the flows that have it, for pinned ones, and for a way back. */
    private void retire() {
        probes.settle(Map.of());
        InForce last = inForce;
        last.states().values().forEach(TargetState::unprobed);
        inForce = new InForce(false, last.inOrder(), last.pools(), last.byId(), last.states());
    }

    private Pool pool(Rule rule) {
        List<TargetState> states = new ArrayList<>();
        for (Target target : rule.targets().targets()) {
            Key key = new Key(rule.id(), target.toString());
            TargetState known = inForce.states().get(key);
            if (known == null) {
                known = new TargetState(rule, target, surroundings, events);
            } else {
                known.settle(rule, target);
            }
            HandedOver handed = pending.get(key);
            if (handed != null) {
                known.resume(handed.health(), handed.counts(), handed.drained());
            }
            states.add(known);
        }
        Pool before = inForce.byId().get(rule.id());
        return before != null && before.rule().equals(rule) ? before.of(rule) : new Pool(rule, states, surroundings.chance());
    }

    /** No probes any more; flows go on. */
    final synchronized void stop() {
        stopped = true;
        probes.settle(Map.of());
    }

    // Flows.

    @Override
    public final TargetSelection begin(TargetRequest request, Consumer<CloseReason> end) {
        return new FlowSearch(poolFor(request.route().rule()), request, resolver, end, surroundings);
    }

    private Pool poolFor(Rule rule) {
        InForce now = inForce;
        Pool pool = now.pools().get(rule);
        if (pool != null) {
            return pool;
        }
        Pool sameId = now.byId().get(rule.id());
        if (sameId != null && sameId.group().equals(rule.targets())) {
            return sameId;
        }
        // Routed by a table that this one has not heard of yet, or no longer knows: what is known of the targets still counts.
        List<TargetState> states = rule.targets().targets().stream().map(target -> {
            TargetState known = now.states().get(new Key(rule.id(), target.toString()));
            return known == null ? new TargetState(rule, target, surroundings, events) : known;
        }).toList();
        return new Pool(rule, states, surroundings.chance());
    }

    // Operators.

    @Override
    public final List<TargetView> targets() {
        InForce now = inForce;
        if (!now.serves()) {
            return List.of();
        }
        return now.inOrder().stream().flatMap(pool -> pool.states().stream().map(state -> state.view(resolution(pool, state)))).toList();
    }

    private Optional<Resolution> resolution(Pool pool, TargetState state) {
        if (state.literal().isPresent()) {
            return Optional.empty();
        }
        return names.known(state.host()).map(answer -> new Resolution(
            Endpoints.inTurn(answer, pool.group().preferIpv6(), 0).stream().map(IpLiterals::text).toList(),
            answer.usable() ? Optional.of(answer.validUntil()) : Optional.empty(), answer.server(),
            answer.problem().isPresent() ? NoNames.reason(answer) : ""))
            .or(() -> Optional.of(new Resolution(List.of(), Optional.empty(), "", "")));
    }

    @Override
    public final synchronized boolean drain(String rule, String target, boolean drained) {
        Optional<TargetState> found = inForce.inOrder().stream().filter(pool -> inForce.serves() && pool.rule().name().equals(rule))
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
        boolean dead = now.serves() && !now.inOrder().isEmpty()
            && now.states().values().stream().allMatch(state -> state.drained() || state.probed() && state.health().failed());
        return dead ? List.of(Problem.of(ProblemCode.NO_TARGET_ALIVE, TARGETS,
            "Every target of every rule has failed its probes or is drained; look at the targets.")) : List.of();
    }

    // Upgrades.

    @Override
    public final synchronized Map<String, Object> give() {
        long now = surroundings.nanos().getAsLong();
        return Map.of("targets", inForce.states().values().stream().filter(TargetState::eventful)
            .sorted(Comparator.comparing(state -> !state.drainedByOperator() && !state.health().failed())).limit(MAX_GIVEN)
            .map(state -> HandedOver.give(state, now)).toList());
    }

    @Override
    public final synchronized void take(Map<String, Object> state) {
        if (!(state.get("targets") instanceof List<?> entries)) {
            return;
        }
        Moment now = surroundings.now();
        entries.stream().limit(MAX_GIVEN).forEach(entry -> {
            if (entry instanceof Map<?, ?> plain) {
                take(HandedOver.take(plain, now));
            }
        });
        if (!inForce.serves()) {
            // A target that the version that served has nothing to say of is not drained any more.
            inForce.states().forEach((key, known) -> {
                if (!pending.containsKey(key)) {
                    known.drain(false);
                }
            });
        }
    }

    private void take(HandedOver handed) {
        if (handed.ruleId().isEmpty()) {
            return;
        }
        Key key = new Key(handed.ruleId().getAsLong(), handed.target());
        TargetState known = inForce.serves() ? inForce.states().get(key) : null;
        if (known == null) {
            pending.put(key, handed);
        } else {
            known.resume(handed.health(), handed.counts(), handed.drained());
        }
    }
}
