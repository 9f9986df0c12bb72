// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowTimes;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.SharedCells;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.Transport;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleDifference.Edit;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The data plane of this node. Thread-safe. Changes of the table are made one at a time; the path of a flow takes no lock. */
final class Engine implements ForwardingEngine, FlowVersions {
    /** Name of the transport of listeners that name none. Volatile: a reload replaces it. */
    private volatile String transport;
    /** Whether the node may serve in part. Volatile: a reload replaces it. */
    private volatile boolean partial;
    /** Guarded by the lock of the table. */
    private Ceilings ceilings;
    /** Follows from the ceilings and the listeners. Volatile: a reload of the configuration replaces it, each flow reads it. */
    private volatile Limits limits;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Map<ListenKey, EngineListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, RuleCounters> ruleCounters = new ConcurrentHashMap<>();
    /** Bounded by {@link Limits#maxConnections}. */
    private final LiveFlows flows = new LiveFlows();
    private final AtomicLong lastFlow = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final FlowTimers timers = new FlowTimers();
    private final ReasonCounters closed = new ReasonCounters(CloseReason.known());
    private final HandlerQueue queue = new HandlerQueue(this);
    private final PendingFlows pending;
    private final Ceiling ceiling = new Ceiling("the node");
    private final Delay delay;
    private final Absences absences;
    private final ListenRetry retry;
    private final MissingKinds missingKinds = new MissingKinds();
    private final Selectors selectors = new Selectors();
    private final OwnConnections ownConnections = new OwnConnections();
    /** Replaced as a whole when a handler, an inspector, a preference or a pin comes or goes; each new flow reads it once. */
    private volatile Serving serving = Serving.NOBODY;
    /** Guards the changes of {@link #serving} against each other. */
    private final Object choosing = new Object();
    private final RecordSinks sinks = new RecordSinks();
    /** By kind of policy; as many as ever ran. */
    private final Map<String, CellTable> cells = new ConcurrentHashMap<>();
    /** Volatile: surfaces read it, a publish replaces it. */
    private volatile ForwardingTable table = ForwardingTable.EMPTY;
    /** Ids of the rules of the table that are enabled. Changed under the lock of the table; the end of a drain reads it. */
    private final Set<Long> forwarded = ConcurrentHashMap.newKeySet();
    /** Listeners that could not be bound. Changed under the lock of the table, read by surfaces. */
    private final Set<ListenKey> unbound = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    Engine(String transport, Ceilings ceilings, InstantSource clock, LongSupplier nanoClock, Delay delay) {
        this.transport = transport;
        this.ceilings = ceilings;
        this.limits = ceilings.beside(0);
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.pending = new PendingFlows(this::limits, nanoClock);
        this.delay = delay;
        this.absences = new Absences(nanoClock);
        this.retry = new ListenRetry(delay, this::listenAgain);
    }

    // What comes and goes while the engine runs.

    void comes(Object service, Provider.Origin origin) {
        Provider provider = new Provider(service, origin);
        closed.add(provider.reasons());
        choose(present -> present.with(provider));
    }

    void goes(Object service) {
        choose(present -> present.without(service));
    }

    /** Changes who serves, and looks whether somebody waited for it. */
    private void choose(UnaryOperator<Serving> change) {
        boolean went;
        synchronized (choosing) {
            Map<Post, String> before = serving.bundles();
            serving = change.apply(serving);
            went = absences.changed(before, serving.filled());
            selectors.announce(serving, table);
        }
        rebind();
        giveUp();
        if (went) {
            delay.after(Absences.GRACE, this::giveUp);
        }
    }

    /** Looks who is waited for no more, and who has come: connections that wait go on, and kinds are reported. */
    private void giveUp() {
        reportKinds();
        queue.release();
    }

    private synchronized void reportKinds() {
        missingKinds.look(missing());
    }

    /** Makes another transport the node's choice. */
    void transport(String name) {
        transport = name;
        rebind();
    }

    /** Whether a node with listeners that could not be bound counts as ready. */
    boolean partial() {
        return partial;
    }

    void partial(boolean may) {
        partial = may;
    }

    /** Moves the listeners to the transports that they belong to now. */
    private synchronized void rebind() {
        if (!draining) {
            bindAll(table.listeners());
            retry.changed(!unbound.isEmpty());
        }
    }

    private Transports transports() {
        return new Transports(serving, transport);
    }

    @Override
    public List<ProviderView> providers() {
        return serving.views();
    }

    @Override
    public boolean prefer(String bundle, String version) {
        choose(present -> present.preferring(bundle, version));
        return serving.runs(bundle, version);
    }

    @Override
    public List<VersionPin> pins() {
        return serving.pins();
    }

    @Override
    public void pins(List<VersionPin> pins) {
        if (pins.size() > MAX_PINS) {
            throw new IllegalArgumentException("there are " + pins.size() + " pins; " + MAX_PINS + " are the most");
        }
        choose(present -> present.pinning(pins));
    }

    @Override
    public long held(String bundle, String version) {
        return flows.all().stream().filter(f -> f.holds(bundle, version)).count();
    }

    @Override
    public int end(String bundle, String version, CloseReason reason) {
        List<Flow> holders = flows.all().stream().filter(f -> f.holds(bundle, version)).toList();
        holders.forEach(f -> f.requestEnd(reason));
        return holders.size();
    }

    void sink(FlowRecordSink newer) {
        sinks.add(newer);
    }

    void sinkGone(FlowRecordSink gone) {
        sinks.remove(gone);
    }

    // The table.

    @Override
    public synchronized List<Problem> apply(ForwardingTable newer) {
        if (draining) {
            return List.of(Problem.of(ProblemCode.BIND_FAILED, "listen", "the node is shutting down"));
        }
        if (absences.begin()) {
            delay.after(Absences.GRACE, this::giveUp);
        }
        RuleDifference change = newer.since(table.rules());
        Set<ListenKey> keys = change.keys();
        List<Listener> others = keys.stream().flatMap(key -> newer.listener(key).stream()).toList();
        listen(newer, keys, others);
        synchronized (choosing) {
            table = newer;
            selectors.announce(serving, newer);
        }
        change.edits().forEach(this::forward);
        Serving now = serving;
        if (!missingKinds.none() || others.stream().anyMatch(routes -> !now.fills(Post.neededBy(routes)))) {
            reportKinds();
        }
        return unbound();
    }

    /**
     * Closes, swaps and binds. A listener that no rule of the difference is on is not notified.
     *
     * @param keys of listeners that may be gone, or others
     * @param changed those that are there
     */
    private void listen(ForwardingTable newer, Set<ListenKey> keys, List<Listener> changed) {
        int before = listeners.size();
        keys.stream().filter(key -> newer.listener(key).isEmpty()).forEach(key -> {
            Optional.ofNullable(listeners.remove(key)).ifPresent(EngineListener::close);
            unbound.remove(key);
        });
        if (listeners.size() < before) {
            limit();
        }
        for (Listener routes : changed) {
            listeners.computeIfAbsent(routes.key(), k -> new EngineListener(routes, clock)).routes(routes);
        }
        // Each change is another chance for those that could not be bound.
        bindAll(unbound.isEmpty() ? changed : newer.listeners());
        retry.changed(!unbound.isEmpty());
    }

    /** Tries those that could not be bound, because time has passed: an address may have come, or a port become free. */
    private synchronized void listenAgain() {
        if (!draining) {
            bindAll(unbound.stream().flatMap(key -> table.listener(key).stream()).toList());
            retry.triedAgain(!unbound.isEmpty());
        }
    }

    /** In the order of the rules: who waits for the last of them may count on the others. A listener that stays where it is keeps its socket. */
    private void bindAll(Collection<Listener> wanted) {
        Transports transports = transports();
        List<EngineListener> recovered = new ArrayList<>();
        boolean bound = false;
        for (Listener routes : wanted) {
            EngineListener listener = listeners.get(routes.key());
            Optional<Provider> carrier = listener == null ? Optional.empty()
                : transports.of(listener.transport()).filter(t -> !listener.boundOn(t));
            if (listener != null && carrier.isPresent()) {
                bound = true;
                if (recovers(listener, carrier.get())) {
                    recovered.add(listener);
                }
            }
        }
        if (bound) {
            limit();
        }
        ListenEvents.bound(recovered);
    }

    /** Binds; whether that went well where it had not before. */
    private boolean recovers(EngineListener listener, Provider carrier) {
        boolean failedBefore = listener.problem().isPresent();
        listener.bind(carrier, this::accepted);
        if (listener.problem().isPresent()) {
            unbound.add(listener.key());
        } else {
            unbound.remove(listener.key());
        }
        return failedBefore && listener.problem().isEmpty();
    }

    /** One rule came, went, or changed: the ids of rules that came or went are their own. */
    private void forward(Edit edit) {
        edit.newerEnabled().ifPresent(rule -> forwarded.add(rule.id()));
        edit.olderEnabled().filter(rule -> edit.newerEnabled().isEmpty()).ifPresent(rule -> {
            forwarded.remove(rule.id());
            drainGone(rule);
        });
        edit.older().filter(rule -> edit.newer().isEmpty()).ifPresent(rule -> ruleCounters.remove(rule.id()));
    }

    /** The flows of a rule that went may stay for its drain; if it has not come back by then, they are ended. */
    private void drainGone(Rule gone) {
        transports().base().ifPresent(base -> base.as(Transport.class).loops().getFirst().after(gone.drain(), () -> {
            if (!forwarded.contains(gone.id())) {
                flows.all().stream().filter(f -> f.of(gone.id())).forEach(f -> f.requestEnd(CloseReason.DRAINED));
            }
        }));
    }

    @Override
    public ForwardingTable table() {
        return table;
    }

    @Override
    public List<ListenerView> listeners() {
        return table.listeners().stream().flatMap(l -> Optional.ofNullable(listeners.get(l.key())).stream()).map(EngineListener::view).toList();
    }

    @Override
    public List<Problem> unbound() {
        return unbound.isEmpty() ? List.of() : table.listeners().stream().flatMap(l -> Optional.ofNullable(listeners.get(l.key())).stream())
            .flatMap(l -> l.problem().stream()).toList();
    }

    @Override
    public List<Problem> lacks() {
        return missing().problems();
    }

    /** What is missing of what rules require. */
    Lacks missing() {
        return new Lacks(serving, listeners.values(), absences);
    }

    @Override
    public Set<String> missingKinds() {
        return missingKinds.now(Role.INSPECTOR);
    }

    @Override
    public Set<String> kinds() {
        return Absences.kinds(Role.INSPECTOR, serving.filled());
    }

    @Override
    public Set<String> missingPolicies() {
        return missingKinds.now(Role.POLICY);
    }

    @Override
    public Set<String> policies() {
        return Absences.kinds(Role.POLICY, serving.filled());
    }

    // The path of a flow.

    private void accepted(io.portunus.flow.spi.Stream stream, EngineListener listener, Provider carrier) {
        Arrival arrival = new Arrival(stream, listener, carrier, now(), nanos());
        if (serve(arrival)) {
            return;
        }
        queue.add(arrival);
        if (serving.fills(arrival.listener().needs())) {
            // It came between the look and the queueing.
            queue.release();
        }
    }

    /** Hands a connection to its handler, unless somebody whom it needs is missing and waited for. */
    boolean serve(Arrival arrival) {
        EngineListener listener = arrival.listener();
        Listener routes = listener.routes();
        Serving now = serving;
        if (!now.fills(listener.needs()) && absences.awaited(arrival, now.missing(listener.needs()))) {
            return false;
        }
        StreamedFlow flow = begin(arrival, now.of(Post.handler(listener.key().protocol()), listener, arrival.stream().peer().getAddress()));
        if (flows.count() > limits.maxConnections() && !pending.giveWayOnce(arrival.stream().loop())) {
            ceiling.refused(flows.count() - 1, limits.maxConnections());
            arrival.stream().reset();
            flow.closed(CloseReason.MAX_CONNECTIONS);
        } else {
            flow.start(routes);
        }
        return true;
    }

    void refuse(Arrival arrival, CloseReason reason) {
        StreamedFlow flow = begin(arrival, Optional.empty());
        arrival.stream().reset();
        flow.closed(reason);
    }

    private StreamedFlow begin(Arrival arrival, Optional<Provider> handler) {
        accepted.increment();
        flows.counted();
        StreamedFlow flow = new StreamedFlow(lastFlow.incrementAndGet(), handler, arrival, this);
        flows.began(flow);
        return flow;
    }

    void ended(Flow flow, FlowRecord ended) {
        flows.ended(flow);
        closed.count(ended.reason());
        if (ended.connectNanos() != FlowRecord.NOT_REACHED) {
            timers.connected(ended.connectNanos());
        }
        timers.ended(ended.totalNanos());
        FlowEvents.ended(ended);
        sinks.take(ended);
        ceiling.ended(flows.left(), limits.maxConnections());
    }

    Optional<Provider> provider(Post post, EngineListener listener, InetAddress client) {
        return serving.of(post, listener, client);
    }

    /** What flows are limited by; each has to be asked who serves the flow. */
    List<Post> limiting() {
        return serving.policies();
    }

    /** The cells that all versions of a policy share. They stay as long as the engine: the next version may come later. */
    SharedCells cells(Post policy) {
        return cells.computeIfAbsent(policy.kind(), kind -> new CellTable(nanoClock));
    }

    Limits limits() {
        return limits;
    }

    /** What flows hold before they have a target. */
    PendingFlows pending() {
        return pending;
    }

    /** Puts other ceilings in force; flows that are open stay. */
    synchronized void ceilings(Ceilings newer) {
        ceilings = newer;
        limit();
    }

    /** Listeners have come or gone, and what they have open connections cannot have. */
    private void limit() {
        long listening = listeners.values().stream().mapToLong(EngineListener::descriptors).sum();
        limits = ceilings.beside(listening);
        if (!listeners.isEmpty()) {
            ceilings.report(limits, listening);
        }
    }

    /** Whether a rule, which has this flow already, has more than it may have beside others. */
    boolean tooMany(RuleCounters ofRule) {
        long most = limits.ofOneRule();
        long now = ofRule.active.sum();
        boolean tooMany = now > most && forwarded.size() > 1;
        if (tooMany) {
            ofRule.ceiling.refused(now - 1, most);
        }
        return tooMany;
    }

    /** A flow of the rule ended. */
    void left(RuleCounters ofRule) {
        ofRule.active.decrement();
        if (ofRule.ceiling.reached()) {
            ofRule.ceiling.ended(ofRule.active.sum(), limits.ofOneRule());
        }
    }

    @Override
    public List<Problem> crowded() {
        Limits now = limits;
        Stream<Problem> rules = table.rules().rules().stream()
            .filter(rule -> Optional.ofNullable(ruleCounters.get(rule.id())).filter(c -> c.ceiling.reached()).isPresent()).map(now::reachedBy);
        return Stream.concat(ceiling.reached() ? Stream.of(now.reached()) : Stream.empty(), rules).toList();
    }

    OwnConnections ownConnections() {
        return ownConnections;
    }

    boolean draining() {
        return draining;
    }

    RuleCounters counters(Rule rule) {
        return ruleCounters.computeIfAbsent(rule.id(), id -> new RuleCounters(rule.name()));
    }

    Instant now() {
        return clock.instant();
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    // What surfaces ask.

    @Override
    public List<FlowView> flows() {
        return flows.views();
    }

    @Override
    public List<TargetView> targets() {
        return selector().map(TargetSelector::targets).orElse(List.of());
    }

    @Override
    public Optional<TargetOutlook> outlook(Route route, InetAddress client) {
        return selector().map(its -> its.outlook(route, client));
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drained) {
        return selector().map(s -> s.drain(rule, target, drained)).orElse(false);
    }

    private Optional<TargetSelector> selector() {
        return serving.of(Post.TARGETS).map(p -> p.as(TargetSelector.class));
    }

    @Override
    public boolean kill(long flowId) {
        return end(flowId, CloseReason.KILLED);
    }

    @Override
    public boolean end(long flowId, CloseReason reason) {
        Optional<Flow> flow = flows.find(flowId);
        flow.ifPresent(f -> f.requestEnd(reason));
        return flow.isPresent();
    }

    @Override
    public EngineCounts counts() {
        ForwardingTable current = table;
        Set<Long> sharedByName = current.listeners().stream().filter(l -> !l.inspects().isEmpty())
            .flatMap(l -> l.routes().stream()).map(r -> r.rule().id()).collect(Collectors.toSet());
        return new EngineCounts(
            current.rules().rules().stream().map(r -> counters(r).snapshot(r, sharedByName.contains(r.id()))).toList(),
            current.listeners().stream().filter(l -> !l.inspects().isEmpty())
                .flatMap(l -> Optional.ofNullable(listeners.get(l.key())).stream())
                .map(l -> l.peeks.snapshot(l.key().port())).toList(),
            flows.count(), accepted.sum(), closed.sums(), sinks.dropped(),
            new EngineCounts.Capacity(limits.maxConnections(), limits.ofOneRule(), pending.bytes(), limits.bufferBytes()));
    }

    @Override
    public Optional<FlowTimes> times() {
        return Optional.of(timers.times());
    }

    // The end.

    @Override
    public int drain(Duration atMost) {
        synchronized (this) {
            draining = true;
            retry.stop();
            listeners.values().forEach(EngineListener::close);
        }
        queue.refuse();
        flows.awaitNone(atMost);
        List<Flow> stragglers = flows.all();
        stragglers.forEach(f -> f.requestEnd(CloseReason.DRAINED));
        flows.awaitNone(Duration.ofSeconds(1));
        return stragglers.size();
    }
}
