// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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
    private final String handler;
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
    private boolean ended;
    private long peekNanos = UNSET;
    private long routedNanos = UNSET;
    private long connectNanos = UNSET;
    private long firstByteNanos = UNSET;

    Flow(long id, String handler, EngineListener listener, Stream downstream, Engine engine) {
        this.id = id;
        this.handler = handler;
        this.listener = listener;
        this.downstream = downstream;
        this.engine = engine;
        this.openedAt = engine.now();
        this.acceptedNanos = engine.nanos();
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
                request.end(reason);
            }
        });
    }

    @Override
    public boolean beginPeek() {
        return listener.peeks.begin(engine.limits().maxPeeks());
    }

    @Override
    public void endPeek() {
        peekNanos = engine.nanos() - acceptedNanos;
        listener.peeks.end(peekNanos);
    }

    @Override
    public void inspected(Prelude seen) {
        prelude = seen;
    }

    @Override
    public void routed(Route chosen) {
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
            throw new AssertionError("flow " + id + " was closed twice");
        }
        ended = true;
        listener.peeks.closed(reason);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.active.decrement();
        }
        engine.ended(this, record(reason));
    }

    FlowView view() {
        Route chosen = route;
        return new FlowView(id, state, handler, listener.key().toString(), SocketAddresses.text(downstream.peer()),
            chosen == null ? "" : chosen.rule().name(), serverName(), chosen == null ? "" : chosen.target().toString(), openedAt,
            Duration.ofNanos(engine.nanos() - acceptedNanos), bytesIn, bytesOut);
    }

    private FlowRecord record(CloseReason reason) {
        Route chosen = route;
        InetSocketAddress reached = endpoint;
        FlowRecord.Timings timings = new FlowRecord.Timings(duration(peekNanos), duration(connectNanos), duration(firstByteNanos),
            Duration.ofNanos(engine.nanos() - acceptedNanos));
        return new FlowRecord(id, handler, listener.key().toString(), SocketAddresses.text(downstream.peer()),
            chosen == null ? "" : chosen.rule().name(), chosen == null ? "" : chosen.rule().idText(), serverName(),
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
