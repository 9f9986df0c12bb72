// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.EngineCounts;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.ListenerView;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowHost;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The data plane of this node. Thread-safe. Changes of the table are made one at a time; the path of a flow takes no lock. */
final class Engine implements ForwardingEngine, FlowHost {
    private final Transport transport;
    private final Limits limits;
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
    private final Map<String, Inspector> inspectors = new ConcurrentHashMap<>();
    private final List<FlowRecordSink> sinks = new CopyOnWriteArrayList<>();
    /** Volatile: replaced when a handler bundle is; each new flow reads it once. */
    private volatile Optional<FlowHandler> handler = Optional.empty();
    /** Volatile: surfaces read it, a publish replaces it. */
    private volatile ForwardingTable table = ForwardingTable.EMPTY;
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

    void handler(FlowHandler newer) {
        handler = Optional.of(newer);
        queue.release();
    }

    void handlerGone(FlowHandler gone) {
        if (handler.filter(h -> h == gone).isPresent()) {
            handler = Optional.empty();
        }
    }

    void inspector(Inspector newer) {
        inspectors.put(newer.kind(), newer);
        queue.release();
    }

    void inspectorGone(Inspector gone) {
        inspectors.remove(gone.kind(), gone);
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
        ruleCounters.keySet().retainAll(newer.rules().rules().stream().map(Rule::id).toList());
        return listeners().stream().flatMap(l -> l.problem().stream()).toList();
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
        if (handler.isEmpty()) {
            lacks.add(Problem.of(ProblemCode.COMPONENT_MISSING, "flow.tcp", "no handler of TCP flows is running; start the bundle flow.tcp"));
        }
        table.listeners().stream().flatMap(l -> l.inspects().stream()).distinct().filter(kind -> !inspectors.containsKey(kind))
            .forEach(kind -> lacks.add(Problem.of(ProblemCode.COMPONENT_MISSING, "flow." + kind,
                "no inspector of " + kind + " is running, and rules route by it; start the bundle flow." + kind)));
        return lacks;
    }

    // The path of a flow.

    void accepted(Stream stream, EngineListener listener) {
        Listener routes = listener.routes();
        Optional<FlowHandler> current = handler;
        if (current.isEmpty() || routes.inspects().filter(kind -> !inspectors.containsKey(kind)).isPresent()) {
            queue.add(stream, listener);
            if (handler.isPresent() && lacks().isEmpty()) {
                // It came between the look and the queueing.
                queue.release();
            }
            return;
        }
        Flow flow = begin(stream, listener, current.get().version());
        if (active.get() > limits.maxConnections()) {
            stream.reset();
            flow.closed(CloseReason.MAX_CONNECTIONS);
            return;
        }
        current.get().accepted(stream, routes, flow, this);
    }

    void refuse(Stream stream, EngineListener listener, CloseReason reason) {
        Flow flow = begin(stream, listener, "");
        stream.reset();
        flow.closed(reason);
    }

    private Flow begin(Stream stream, EngineListener listener, String version) {
        accepted.increment();
        active.incrementAndGet();
        Flow flow = new Flow(lastFlow.incrementAndGet(), version, listener, stream, this);
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

    @Override
    public Optional<Inspector> inspector(String kind) {
        return Optional.ofNullable(inspectors.get(kind));
    }

    @Override
    public Cancellable connect(EventLoop loop, InetSocketAddress endpoint, ConnectListener done) {
        return transport.connect(loop, endpoint, done);
    }

    Limits limits() {
        return limits;
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
        Optional<Flow> flow = Optional.ofNullable(flows.get(flowId));
        flow.ifPresent(f -> f.requestEnd(CloseReason.KILLED));
        return flow.isPresent();
    }

    @Override
    public EngineCounts counts() {
        ForwardingTable current = table;
        Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        List<Long> sharedByName = current.listeners().stream().filter(l -> l.inspects().isPresent())
            .flatMap(l -> l.routes().stream()).map(r -> r.rule().id()).toList();
        return new EngineCounts(
            current.rules().rules().stream().map(r -> counters(r).snapshot(r, sharedByName.contains(r.id()))).toList(),
            current.listeners().stream().filter(l -> l.inspects().isPresent())
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
