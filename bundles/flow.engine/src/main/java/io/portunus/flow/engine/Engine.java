// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.Transport;
import io.portunus.model.ForwardingTable;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The data plane of this node. Thread-safe. Changes of the table are made one at a time; the path of a flow takes no lock. */
final class Engine implements ForwardingEngine, FlowVersions {
    private final Transport transport;
    /** Volatile: a reload of the configuration replaces it. */
    private volatile Limits limits;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Map<ListenKey, EngineListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, RuleCounters> ruleCounters = new ConcurrentHashMap<>();
    /** Bounded by {@link Limits#maxConnections}. */
    private final Map<Long, Flow> flows = new ConcurrentHashMap<>();
    private final AtomicLong lastFlow = new AtomicLong();
    private final AtomicLong active = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder recordsDropped = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
    private final HandlerQueue queue = new HandlerQueue(this);
    /** Replaced as a whole when a handler, an inspector, a preference or a pin comes or goes; each new flow reads it once. */
    private volatile Serving serving = Serving.NOBODY;
    /** Guards the changes of {@link #serving} against each other. */
    private final Object choosing = new Object();
    private final List<FlowRecordSink> sinks = new CopyOnWriteArrayList<>();
    /** Volatile: surfaces read it, a publish replaces it. */
    private volatile ForwardingTable table = ForwardingTable.EMPTY;
    /** Ids of the rules of the table that are enabled. Volatile: a publish replaces it, the end of a drain reads it. */
    private volatile Set<Long> forwarded = Set.of();
    /** Notified when a flow ends while somebody waits for all of them; guards nothing else. */
    private final Object idle = new Object();
    private volatile boolean draining;

    Engine(Transport transport, Limits limits, InstantSource clock, LongSupplier nanoClock) {
        this.transport = transport;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    // What comes and goes while the engine runs.

    void handler(FlowHandler newer, String bundle, String version) {
        Provider.Origin origin = new Provider.Origin(ProviderView.Role.HANDLER, newer.kind(), bundle, version);
        Provider<FlowHandler> provider = new Provider<>(newer, origin);
        choose(present -> present.with(provider));
    }

    void handlerGone(FlowHandler gone) {
        choose(present -> present.without(gone));
    }

    void inspector(Inspector newer, String bundle, String version) {
        Provider.Origin origin = new Provider.Origin(ProviderView.Role.INSPECTOR, newer.kind(), bundle, version);
        Provider<Inspector> provider = new Provider<>(newer, origin);
        choose(present -> present.withInspector(provider));
    }

    void inspectorGone(Inspector gone) {
        choose(present -> present.without(gone));
    }

    /** Changes who serves, and looks whether somebody waited for it. */
    private void choose(UnaryOperator<Serving> change) {
        synchronized (choosing) {
            serving = change.apply(serving);
        }
        queue.release();
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
        return flows.values().stream().filter(f -> f.holds(bundle, version)).count();
    }

    @Override
    public int end(String bundle, String version, CloseReason reason) {
        List<Flow> holders = flows.values().stream().filter(f -> f.holds(bundle, version)).toList();
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
        ForwardingTable older = table;
        listeners.values().removeIf(old -> {
            boolean gone = newer.listener(old.key()).isEmpty();
            if (gone) {
                old.close();
            }
            return gone;
        });
        for (Listener routes : newer.listeners()) {
            EngineListener listener = listeners.computeIfAbsent(routes.key(), k -> new EngineListener(routes));
            listener.routes(routes);
            if (!listener.bound()) {
                listener.bind(transport, this::accepted);
            }
        }
        table = newer;
        forwarded = newer.rules().rules().stream().filter(Rule::enabled).map(Rule::id).collect(Collectors.toUnmodifiableSet());
        older.rules().rules().stream().filter(rule -> rule.enabled() && !forwarded.contains(rule.id())).forEach(this::drainGone);
        ruleCounters.keySet().retainAll(newer.rules().rules().stream().map(Rule::id).collect(Collectors.toSet()));
        return listeners().stream().flatMap(l -> l.problem().stream()).toList();
    }

    /** The flows of a rule that went may stay for its drain; if it has not come back by then, they are ended. */
    private void drainGone(Rule gone) {
        transport.loops().getFirst().after(gone.drain(), () -> {
            if (!forwarded.contains(gone.id())) {
                flows.values().stream().filter(f -> f.of(gone.id())).forEach(f -> f.requestEnd(CloseReason.DRAINED));
            }
        });
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
    public List<Problem> lacks() {
        List<Problem> lacks = new ArrayList<>();
        Serving now = serving;
        if (now.handlerOf(FlowHandler.TCP).isEmpty()) {
            lacks.add(Problem.of(ProblemCode.COMPONENT_MISSING, "flow.tcp", "no handler of TCP flows is running; start the bundle flow.tcp"));
        }
        table.listeners().stream().flatMap(l -> l.inspects().stream()).distinct().filter(kind -> !now.inspects(kind))
            .forEach(kind -> lacks.add(Problem.of(ProblemCode.COMPONENT_MISSING, "flow." + kind,
                "no inspector of " + kind + " is running, and rules route by it; start the bundle flow." + kind)));
        return lacks;
    }

    // The path of a flow.

    void accepted(Stream stream, EngineListener listener) {
        if (serve(stream, listener)) {
            return;
        }
        queue.add(stream, listener);
        if (lacks().isEmpty()) {
            // It came between the look and the queueing.
            queue.release();
        }
    }

    /** Hands a connection to its handler, unless that or an inspector it needs is missing. */
    boolean serve(Stream stream, EngineListener listener) {
        Listener routes = listener.routes();
        Serving now = serving;
        Optional<Provider<FlowHandler>> handler = now.handler(FlowHandler.TCP, listener.rules(), stream.peer().getAddress());
        if (handler.isEmpty() || !inspectable(routes, now)) {
            return false;
        }
        Flow flow = begin(stream, listener, handler);
        if (active.get() > limits.maxConnections()) {
            stream.reset();
            flow.closed(CloseReason.MAX_CONNECTIONS);
        } else {
            flow.start(routes);
        }
        return true;
    }

    private static boolean inspectable(Listener routes, Serving now) {
        for (String kind : routes.inspects()) {
            if (!now.inspects(kind)) {
                return false;
            }
        }
        return true;
    }

    void refuse(Stream stream, EngineListener listener, CloseReason reason) {
        Flow flow = begin(stream, listener, Optional.empty());
        stream.reset();
        flow.closed(reason);
    }

    private Flow begin(Stream stream, EngineListener listener, Optional<Provider<FlowHandler>> handler) {
        accepted.increment();
        active.incrementAndGet();
        Flow flow = new Flow(lastFlow.incrementAndGet(), handler, listener, stream, this);
        flows.put(flow.id(), flow);
        return flow;
    }

    void ended(Flow flow, FlowRecord ended) {
        flows.remove(flow.id());
        Optional.ofNullable(closed.get(ended.reason())).ifPresent(LongAdder::increment);
        FlowEvents.ended(ended);
        for (FlowRecordSink sink : sinks) {
            if (!sink.offer(ended)) {
                recordsDropped.increment();
            }
        }
        if (active.decrementAndGet() == 0 && draining) {
            synchronized (idle) {
                idle.notifyAll();
            }
        }
    }

    Optional<Provider<Inspector>> inspector(String kind, EngineListener listener, InetAddress peer) {
        return serving.inspector(kind, listener.rules(), peer);
    }

    Cancellable connect(EventLoop loop, InetSocketAddress endpoint, ConnectListener done) {
        return transport.connect(loop, endpoint, done);
    }

    Limits limits() {
        return limits;
    }

    /** Puts other ceilings in force; flows that are open stay. */
    void limits(Limits newer) {
        limits = newer;
    }

    boolean draining() {
        return draining;
    }

    RuleCounters counters(Rule rule) {
        return ruleCounters.computeIfAbsent(rule.id(), id -> new RuleCounters());
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
        return flows.values().stream().map(Flow::view).sorted(Comparator.comparingLong(FlowView::id)).toList();
    }

    @Override
    public boolean kill(long flowId) {
        return end(flowId, CloseReason.KILLED);
    }

    @Override
    public boolean end(long flowId, CloseReason reason) {
        Optional<Flow> flow = Optional.ofNullable(flows.get(flowId));
        flow.ifPresent(f -> f.requestEnd(reason));
        return flow.isPresent();
    }

    @Override
    public EngineCounts counts() {
        ForwardingTable current = table;
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        Set<Long> sharedByName = current.listeners().stream().filter(l -> !l.inspects().isEmpty())
            .flatMap(l -> l.routes().stream()).map(r -> r.rule().id()).collect(Collectors.toSet());
        return new EngineCounts(
            current.rules().rules().stream().map(r -> counters(r).snapshot(r, sharedByName.contains(r.id()))).toList(),
            current.listeners().stream().filter(l -> !l.inspects().isEmpty())
                .flatMap(l -> Optional.ofNullable(listeners.get(l.key())).stream())
                .map(l -> l.peeks.snapshot(l.key().port())).toList(),
            active.get(), accepted.sum(), reasons, recordsDropped.sum());
    }

    // The end.

    @Override
    public int drain(Duration atMost) {
        synchronized (this) {
            draining = true;
            listeners.values().forEach(EngineListener::close);
        }
        queue.refuse();
        awaitIdle(atMost);
        List<Flow> stragglers = List.copyOf(flows.values());
        stragglers.forEach(f -> f.requestEnd(CloseReason.DRAINED));
        awaitIdle(Duration.ofSeconds(1));
        return stragglers.size();
    }

    private void awaitIdle(Duration atMost) {
        long deadline = nanos() + atMost.toNanos();
        synchronized (idle) {
            try {
                for (long left = atMost.toMillis(); active.get() > 0 && left > 0; left = (deadline - nanos()) / 1_000_000) {
                    idle.wait(left);
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
