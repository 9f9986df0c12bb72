// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowTimes;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.LoopView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.api.TargetOutlook;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.SharedCells;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.RuleDifference;
import io.portunus.model.RuleDifference.Edit;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.BundlePart;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** The data plane of this node. Thread-safe. Changes of the table are made one at a time; the path of a flow takes no lock. */
final class Engine implements ForwardingEngine, FlowVersions {
    /** Name of the transport of listeners that name none. Volatile: a reload replaces it. */
    private volatile String transport;
    /** Whether the node may serve in part. Volatile: a reload replaces it. */
    private volatile boolean partial;
    private final Crowding crowding;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final EngineListeners listeners;
    private final Counters counters = new Counters();
    /** Bounded by {@link Limits#maxConnections}. */
    private final LiveFlows flows = new LiveFlows();
    private final AtomicLong lastFlow = new AtomicLong();
    private final HandlerQueue queue = new HandlerQueue(this);
    private final PendingFlows pending;
    private final Delay delay;
    private final Absences absences;
    private final ListenRetry retry;
    private final MissingKinds missingKinds = new MissingKinds();
    private final Selectors selectors;
    private final OwnConnections ownConnections = new OwnConnections();
    private final TurnWatch turnWatch;
    /** Replaced as a whole when a handler, an inspector, a preference or a pin comes or goes; each new flow reads it once. */
    private volatile Serving serving = Serving.NOBODY;
    /** Guards the changes of {@link #serving} against each other. */
    private final Object choosing = new Object();
    /** Volatile: set once by whoever wires the engine, read by views. */
    private volatile Installed installed = Installed.NONE;
    private final RecordSinks sinks = new RecordSinks();
    private final LoopWatch watch;
    private final BundleGuard guard;
    private final GuardedCalls calls;
    private final Cells cells;
    private final Offers offers = new Offers(flows);
    /** Volatile: surfaces read it, a publish replaces it. */
    private volatile ForwardingTable table = ForwardingTable.EMPTY;
    private final Datagrams datagrams = new Datagrams();
    private final ForwardedRules forwarded;
    private volatile boolean draining;

    Engine(String transport, Ceilings ceilings, InstantSource clock, LongSupplier nanoClock, Delay delay, BundleGuard guard) {
        this.transport = transport;
        this.guard = guard;
        this.calls = new GuardedCalls(guard);
        this.selectors = new Selectors(calls);
        this.crowding = new Crowding(ceilings);
        this.listeners = new EngineListeners(this, crowding);
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.watch = new LoopWatch(() -> serving, flows, nanoClock);
        this.pending = new PendingFlows(crowding::limits, nanoClock, watch);
        this.delay = delay;
        this.forwarded = new ForwardedRules(flows, delay);
        this.absences = new Absences(nanoClock);
        this.turnWatch = new TurnWatch(() -> serving.all(Role.TRANSPORT).flatMap(its -> its.turns().stream()).toList(), nanoClock);
        this.cells = new Cells(nanoClock);
        this.retry = new ListenRetry(delay, this::listenAgain);
    }

    // What comes and goes while the engine runs.

    void comes(Object service, Provider.Origin origin) {
        Provider provider = new Provider(service, origin, guard);
        counters.count(provider.reasons());
        watch.add(provider);
        choose(present -> present.with(provider));
    }

    void goes(Object service) {
        choose(present -> present.without(service));
    }

    /** A part of a bundle is in quarantine, or is not any more: looked at later, since loops charge faults and take no lock. */
    void barred() {
        delay.after(Duration.ZERO, () -> choose(Serving::anew));
    }

    /** Changes who serves, and looks whether somebody waited for it. */
    void choose(UnaryOperator<Serving> change) {
        boolean went;
        synchronized (choosing) {
            Map<Post, String> before = serving.bundles();
            serving = change.apply(serving);
            went = absences.changed(before, serving.filled());
            cells.only(Set.copyOf(serving.policies()));
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
            listeners.bind(table.listeners(), transports());
            retry.changed(listeners.lacking());
        }
    }

    private Transports transports() {
        return new Transports(serving, transport);
    }

    /** Who serves now. */
    Serving serving() {
        return serving;
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
    public Cancellable watchLoops() {
        return turnWatch.start();
    }

    @Override
    public void settled(String bundle, String version) {
        offers.settled(serving, table, bundle, version);
    }

    @Override
    public List<VersionPin> pins() {
        return serving.pins();
    }

    @Override
    public void pins(List<VersionPin> pins) {
        choose(present -> present.pinning(pins));
    }

    @Override
    public long held(String bundle, String version) {
        return flows.holding(bundle, version).size();
    }

    @Override
    public int end(String bundle, String version, CloseReason reason) {
        List<Flow> holders = flows.holding(bundle, version);
        holders.forEach(f -> f.requestEnd(reason));
        return holders.size();
    }

    /** Takes a sink of the distribution, which is called on the loops. */
    void sink(FlowRecordSink newer, BundlePart part) {
        sinks.direct(newer, guard.account(part));
    }

    /** Takes a sink of another bundle, which gets a thread of its own. */
    void foreignSink(FlowRecordSink newer, BundlePart part) {
        sinks.queued(newer, guard.account(part));
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
        listeners.bind(listeners.change(newer, keys, others), transports());
        retry.changed(listeners.lacking());
        synchronized (choosing) {
            table = newer;
            selectors.announce(serving, newer);
        }
        change.edits().forEach(this::forward);
        Serving now = serving;
        offers.changed(now, change);
        if (!missingKinds.none() || others.stream().anyMatch(routes -> !now.fills(Post.neededBy(routes)))) {
            reportKinds();
        }
        return unbound();
    }

    /** Tries those that could not be bound, because time has passed: an address may have come, or a port become free. */
    private synchronized void listenAgain() {
        if (!draining) {
            listeners.bind(listeners.unbound(table), transports());
            retry.triedAgain(listeners.lacking());
        }
    }

    /** One rule came, went, or changed: the ids of rules that came or went are their own. */
    private void forward(Edit edit) {
        forwarded.changed(edit);
        edit.older().filter(rule -> edit.newer().isEmpty()).ifPresent(counters::forget);
    }

    @Override
    public ForwardingTable table() {
        return table;
    }

    @Override
    public List<ListenerView> listeners() {
        return listeners.views(table);
    }

    @Override
    public List<Problem> unbound() {
        return listeners.problems(table);
    }

    @Override
    public List<Problem> lacks() {
        return missing().problems();
    }

    /** What is missing of what rules require. */
    Lacks missing() {
        return new Lacks(serving, listeners.all(), absences, installed);
    }

    /** Names who could bring what is missing. */
    void installed(Installed its) {
        installed = its;
    }

    @Override
    public Set<Offer> unserved() {
        return missingKinds.now();
    }

    @Override
    public Set<Offer> served() {
        return MissingKinds.named(serving.filled());
    }

    @Override
    public Map<String, String> servedBy(Listener routes, InetAddress client) {
        return serving.servedBy(routes, listeners.of(routes.key()), client);
    }

    // The path of a flow.

    void accepted(io.portunus.flow.spi.Stream stream, EngineListener listener, Provider carrier) {
        Connection connection = new Connection(stream, new Arrival(listener, carrier, stream.loop(), now(), nanos()));
        if (serve(connection)) {
            return;
        }
        queue.add(connection);
        if (serving.fills(listener.needs())) {
            // It came between the look and the queueing.
            queue.release();
        }
    }

    /** Hands a connection to its handler, unless somebody whom it needs is missing and waited for. */
    boolean serve(Connection connection) {
        EngineListener listener = connection.listener();
        Listener routes = listener.routes();
        Serving now = serving;
        if (!now.fills(listener.needs()) && absences.awaited(connection, now.missing(listener.needs()))) {
            return false;
        }
        StreamedFlow flow = begin(connection, now.of(Post.TCP, listener, connection.stream().peer().getAddress()));
        if (noRoom(flow)) {
            connection.stream().reset();
            flow.excuse();
            flow.closed(CloseReason.MAX_CONNECTIONS);
        } else {
            flow.start(routes);
        }
        return true;
    }

    /** Whether the node has more flows than it may have, this one among them, and none gives way to it. */
    boolean noRoom(Flow flow) {
        boolean none = crowding.full(flows.count()) && !pending.giveWayOnce(flow.loop());
        if (none) {
            crowding.refused(flows.count());
        }
        return none;
    }

    void refuse(Connection connection, CloseReason reason) {
        StreamedFlow flow = begin(connection, Optional.empty());
        connection.stream().reset();
        flow.excuse();
        flow.closed(reason);
    }

    private StreamedFlow begin(Connection connection, Optional<Provider> handler) {
        counted();
        StreamedFlow flow = new StreamedFlow(lastFlow.incrementAndGet(), handler, connection, this);
        flows.began(flow);
        return flow;
    }

    private void counted() {
        counters.accepted();
        flows.counted();
    }

    /** A session of datagrams begins. */
    SessionFlow begin(Arrival arrival, Optional<Provider> handler, SessionFlow.Place place) {
        counted();
        SessionFlow flow = new SessionFlow(lastFlow.incrementAndGet(), handler, arrival, place, this);
        flows.began(flow);
        return flow;
    }

    /** What listeners of datagrams share. */
    Datagrams datagrams() {
        return datagrams;
    }

    void ended(Flow flow, FlowRecord ended) {
        flows.ended(flow);
        counters.ended(ended);
        try {
            FlowEvents.ended(ended);
            sinks.take(ended);
        } finally {
            // Whatever becomes of the record: ceilings and drains count on this.
            crowding.ended(flows.left());
        }
    }

    Optional<Provider> provider(Post post, EngineListener listener, InetAddress client) {
        return serving.of(post, listener, client);
    }

    /** What flows are limited by; each has to be asked who serves the flow. */
    List<Post> limiting() {
        return serving.policies();
    }

    /** A rule that flows began with, as it is now. */
    Rule inForce(Rule begun) {
        return forwarded.inForce(begun);
    }

    /** What all versions of a policy share. */
    SharedCells cells(Post policy) {
        return cells.of(policy);
    }

    Limits limits() {
        return crowding.limits();
    }

    /** What flows hold before they have a target. */
    PendingFlows pending() {
        return pending;
    }

    /** Puts other ceilings in force; flows that are open stay. */
    synchronized void ceilings(Ceilings newer) {
        crowding.ceilings(newer);
        crowding.beside(listeners.all());
    }

    /** Whether a rule, which has this flow already, has more than it may have beside others. */
    boolean tooMany(RuleCounters ofRule) {
        return crowding.tooMany(ofRule, forwarded.count() > 1);
    }

    /** A flow of the rule ended. */
    void left(RuleCounters ofRule) {
        crowding.left(ofRule);
    }

    @Override
    public List<Problem> crowded() {
        return crowding.problems(counters.crowded(table, limits()));
    }

    OwnConnections ownConnections() {
        return ownConnections;
    }

    boolean draining() {
        return draining;
    }

    Counters counters() {
        return counters;
    }

    RuleCounters counters(Rule rule) {
        return counters.of(rule);
    }

    Instant now() {
        return clock.instant();
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    LoopWatch watch() {
        return watch;
    }

    // What surfaces ask.

    @Override
    public List<LoopView> loops() {
        return watch.views();
    }

    @Override
    public List<FlowView> flows() {
        return flows.views();
    }

    @Override
    public List<TargetView> targets() {
        return asked(its -> List.copyOf(its.targets()), List.of());
    }

    @Override
    public Optional<TargetOutlook> outlook(Route route, InetAddress client) {
        return asked(its -> Optional.of(its.outlook(route, client)), Optional.empty());
    }

    @Override
    public List<LimitView> policyLimits() {
        return new LimitViews(table.rules().rules().stream().filter(Rule::enabled).toList(), serving, calls, counters, cells).all();
    }

    @Override
    public boolean drainTarget(String rule, String target, boolean drained) {
        return asked(its -> its.drain(rule, target, drained), false);
    }

    private <T> T asked(Function<TargetSelector, T> question, T otherwise) {
        return serving.of(Post.TARGETS).map(selector -> selectors.ask(selector, question, otherwise)).orElse(otherwise);
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
        List<Listener> named = current.listeners().stream().filter(l -> !l.inspects().isEmpty()).toList();
        Limits limits = limits();
        return counters.counts(current, named.stream().flatMap(l -> listeners.of(l.key()).stream())
                .map(l -> l.peeks.snapshot(l.key().port())).toList(),
            flows.count(), sinks.dropped(),
            new EngineCounts.Capacity(limits.maxConnections(), limits.ofOneRule(), pending.bytes(), limits.bufferBytes()));
    }

    @Override
    public Optional<FlowTimes> times() {
        return Optional.of(counters.times());
    }

    // The end.

    @Override
    public int drain(Duration atMost) {
        synchronized (this) {
            draining = true;
            retry.stop();
            listeners.close();
        }
        queue.refuse();
        SilentSessions silent = new SilentSessions(flows);
        flows.awaitNone(atMost, () -> {
            silent.look();
            return watch.lostFlows();
        });
        List<Flow> stragglers = flows.all();
        stragglers.forEach(f -> f.requestEnd(CloseReason.DRAINED));
        flows.awaitNone(Duration.ofSeconds(1), watch::lostFlows);
        return stragglers.size();
    }
}
