// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One live flow. Written on its loop only; surfaces read it from other threads, so what they read is volatile. Byte counters have one
 * writer and are stored in order, without a fence.
 */
final class Flow implements LiveFlow {
    private static final AtomicLongFieldUpdater<Flow> BYTES_IN = AtomicLongFieldUpdater.newUpdater(Flow.class, "bytesIn");
    private static final AtomicLongFieldUpdater<Flow> BYTES_OUT = AtomicLongFieldUpdater.newUpdater(Flow.class, "bytesOut");
    private static final long UNSET = -1;

    private final long id;
    private final Optional<Provider<FlowHandler>> handler;
    private final EngineListener listener;
    private final Stream downstream;
    private final Engine engine;
    private final Instant openedAt;
    private final long acceptedNanos;
    private volatile FlowView.State state = FlowView.State.PEEKING;
    private volatile @Nullable Prelude prelude;
    private volatile @Nullable Route route;
    private volatile @Nullable InetSocketAddress endpoint;
    private volatile long bytesIn;
    private volatile long bytesOut;
    private @Nullable RuleCounters counters;
    private @Nullable EndRequest onEnd;
    private @Nullable Stream upstream;
    /** Those that read the first bytes, for the counters. Copied on change: surfaces read it. */
    private volatile List<Provider<Inspector>> inspectors = List.of();
    private boolean inspecting;
    private boolean peeking;
    private boolean ended;
    private long peekNanos = UNSET;
    private long routedNanos = UNSET;
    private long connectNanos = UNSET;
    private long firstByteNanos = UNSET;

    Flow(long id, Optional<Provider<FlowHandler>> handler, EngineListener listener, Stream downstream, Engine engine) {
        this.id = id;
        this.handler = handler;
        this.listener = listener;
        this.downstream = downstream;
        this.engine = engine;
        this.openedAt = engine.now();
        this.acceptedNanos = engine.nanos();
        handler.ifPresent(Provider::opened);
    }

    /** Gives the flow to its handler, on its loop. */
    void start(Listener routes) {
        Provider<FlowHandler> carrier = handler.orElseThrow();
        downstream.onFault(this::handlerFailed);
        try {
            carrier.service().accepted(downstream, routes, this);
        } catch (Throwable lastResort) {
            handlerFailed(lastResort);
        }
    }

    private void handlerFailed(Throwable fault) {
        handler.ifPresent(Provider::fault);
        FlowEvents.failed(id, fault);
        abort(CloseReason.INTERNAL_ERROR);
    }

    /** Ends the flow without its handler. */
    private void abort(CloseReason reason) {
        Stream open = upstream;
        if (open != null) {
            open.reset();
        }
        downstream.reset();
        closed(reason);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void onEnd(EndRequest request) {
        onEnd = request;
    }

    /** Asks the handler to end the flow; callable from any thread. */
    void requestEnd(CloseReason reason) {
        downstream.loop().execute(() -> {
            EndRequest request = onEnd;
            if (request != null && !ended) {
                try {
                    request.end(reason);
                } catch (Throwable lastResort) {
                    handlerFailed(lastResort);
                }
            }
            if (!ended) {
                abort(reason);
            }
        });
    }

    @Override
    public boolean beginPeek() {
        peeking = !ended && listener.peeks.begin(engine.limits().maxPeeks());
        return peeking;
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        if (ended) {
            return Optional.empty();
        }
        Optional<Provider<Inspector>> found = engine.inspector(kind, listener, downstream.peer().getAddress());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Provider<Inspector> provider = found.get();
        provider.opened();
        inspecting = true;
        List<Provider<Inspector>> more = new ArrayList<>(inspectors);
        more.add(provider);
        inspectors = List.copyOf(more);
        Consumer<Throwable> told = fault -> {
            provider.fault();
            FlowEvents.failed(id, fault);
        };
        try {
            return Optional.of(new GuardedInspection(provider.service().begin(), told));
        } catch (Throwable lastResort) {
            told.accept(lastResort);
            return Optional.empty();
        }
    }

    private void releaseInspectors() {
        if (inspecting) {
            inspecting = false;
            inspectors.forEach(Provider::released);
        }
    }

    @Override
    public Cancellable connect(InetSocketAddress target, ConnectListener done) {
        return engine.connect(downstream.loop(), target, new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                if (ended) {
                    stream.reset();
                    return;
                }
                upstream = stream;
                stream.onFault(Flow.this::handlerFailed);
                guarded(() -> done.connected(stream));
            }

            @Override
            public void failed(IOException cause) {
                guarded(() -> done.failed(cause));
            }
        });
    }

    private void guarded(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (Throwable lastResort) {
            handlerFailed(lastResort);
        }
    }

    @Override
    public void endPeek() {
        if (ended) {
            return;
        }
        peeking = false;
        peekNanos = engine.nanos() - acceptedNanos;
        listener.peeks.end(peekNanos);
    }

    @Override
    public void inspected(Prelude seen) {
        prelude = seen;
    }

    @Override
    public void routed(Route chosen) {
        if (ended) {
            return;
        }
        releaseInspectors();
        routedNanos = engine.nanos();
        route = chosen;
        state = FlowView.State.CONNECTING;
        RuleCounters ofRule = engine.counters(chosen.rule());
        ofRule.routed(chosen.match());
        counters = ofRule;
        if (chosen.match() != Route.Match.PLAIN) {
            FlowEvents.routedByName(id, chosen.rule().name(), serverName().orElse(""));
        }
    }

    @Override
    public void dnsFailed() {
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.dnsFailures.increment();
        }
    }

    @Override
    public void connectFailed() {
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.connectFailures.increment();
        }
    }

    @Override
    public void connected(InetSocketAddress reached) {
        connectNanos = engine.nanos() - routedNanos;
        endpoint = reached;
        state = FlowView.State.OPEN;
    }

    @Override
    public void movedIn(int bytes) {
        BYTES_IN.lazySet(this, bytesIn + bytes);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.bytesIn.add(bytes);
        }
    }

    @Override
    public void movedOut(int bytes) {
        if (firstByteNanos == UNSET) {
            firstByteNanos = engine.nanos() - acceptedNanos;
        }
        BYTES_OUT.lazySet(this, bytesOut + bytes);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.bytesOut.add(bytes);
        }
    }

    @Override
    public void closed(CloseReason reason) {
        if (ended) {
            return;
        }
        endPeekIfOpen();
        ended = true;
        releaseInspectors();
        handler.ifPresent(h -> {
            h.closed(reason);
            h.released();
        });
        inspectors.forEach(i -> i.closed(reason));
        listener.peeks.closed(reason);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.active.decrement();
        }
        engine.ended(this, record(reason));
    }

    private void endPeekIfOpen() {
        if (peeking) {
            endPeek();
        }
    }

    /** Whether the flow holds a version of a bundle, or may: an inspector has let go once a route is chosen. */
    boolean holds(String bundle, String version) {
        return handler.filter(h -> h.origin().of(bundle, version)).isPresent()
            || state == FlowView.State.PEEKING && inspectors.stream().anyMatch(i -> i.origin().of(bundle, version));
    }

    /** Whether it was routed by a rule. */
    boolean of(long ruleId) {
        Route chosen = route;
        return chosen != null && chosen.rule().id() == ruleId;
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        handler.ifPresent(h -> versions.put(h.origin().bundle(), h.origin().version()));
        inspectors.forEach(i -> versions.put(i.origin().bundle(), i.origin().version()));
        return versions;
    }

    FlowView view() {
        Route chosen = route;
        return new FlowView(id, state, versions(), listener.key().toString(), SocketAddresses.text(downstream.peer()),
            chosen == null ? "" : chosen.rule().name(), serverName(), chosen == null ? "" : chosen.target().toString(), openedAt,
            Duration.ofNanos(engine.nanos() - acceptedNanos), bytesIn, bytesOut);
    }

    private FlowRecord record(CloseReason reason) {
        Route chosen = route;
        InetSocketAddress reached = endpoint;
        Prelude seen = prelude;
        FlowRecord.Timings timings = new FlowRecord.Timings(duration(peekNanos), duration(connectNanos), duration(firstByteNanos),
            Duration.ofNanos(engine.nanos() - acceptedNanos));
        return new FlowRecord(id, versions(), listener.key().toString(), SocketAddresses.text(downstream.peer()),
            chosen == null ? "" : chosen.rule().name(), chosen == null ? "" : chosen.rule().idText(), seen == null ? Prelude.NONE : seen,
            chosen == null ? "" : chosen.target().toString(), reached == null ? "" : SocketAddresses.text(reached), openedAt, bytesIn, bytesOut,
            timings, reason);
    }

    private Optional<String> serverName() {
        Prelude seen = prelude;
        return seen == null ? Optional.empty() : seen.serverName();
    }

    private static Optional<Duration> duration(long nanos) {
        return nanos == UNSET ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
