// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.PreludeFacts;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.ToldOrigin;
import io.portunus.flow.spi.Transport;
import io.portunus.flow.spi.UpstreamPrelude;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One live flow. Written on its loop only; surfaces read it from other threads, so what they read is volatile. Byte counters have one
 * writer and are stored in order, without a fence.
 */
final class Flow implements LiveFlow {
    private static final AtomicLongFieldUpdater<Flow> BYTES_IN = AtomicLongFieldUpdater.newUpdater(Flow.class, "bytesIn");
    private static final AtomicLongFieldUpdater<Flow> BYTES_OUT = AtomicLongFieldUpdater.newUpdater(Flow.class, "bytesOut");
    private static final long UNSET = FlowRecord.NOT_REACHED;

    private final long id;
    private final Optional<Provider> handler;
    private final EngineListener listener;
    private final Stream downstream;
    private final Provider carrier;
    private final Engine engine;
    private final Instant openedAt;
    private final long acceptedNanos;
    /** When it was given to its handler, or refused; it may have waited before. */
    private final long begunNanos;
    private volatile FlowView.State state = FlowView.State.PEEKING;
    private volatile @Nullable Prelude prelude;
    private volatile @Nullable Route route;
    private volatile @Nullable InetSocketAddress endpoint;
    private volatile long bytesIn;
    private volatile long bytesOut;
    private @Nullable RuleCounters counters;
    private @Nullable EndRequest onEnd;
    private @Nullable Stream upstream;
    /** Its place in a chain, if its target may be a listener of this node. */
    private @Nullable ChainLink chain;
    /** Those that read what comes first, for the counters. Copied on change: surfaces read it. */
    private volatile List<Provider> readers = List.of();
    private boolean reading;
    /** Who found its target. */
    private volatile @Nullable Provider selector;
    private @Nullable GuardedSelection selection;
    /** What limits it; none when nothing does. */
    private volatile @Nullable Leases leases;
    private volatile @Nullable ToldOrigin told;
    private volatile @Nullable Target target;
    private final Held held;
    private boolean peeking;
    private boolean ended;
    private long peekNanos = UNSET;
    private long routedNanos = UNSET;
    private long connectNanos = UNSET;
    private long firstByteNanos = UNSET;

    Flow(long id, Optional<Provider> handler, Arrival arrival, Engine engine) {
        this.id = id;
        this.handler = handler;
        this.listener = arrival.listener();
        this.downstream = arrival.stream();
        this.carrier = arrival.carrier();
        this.engine = engine;
        this.held = new Held(engine.pending(), downstream.loop(), listener, this::end);
        this.openedAt = arrival.acceptedAt();
        this.acceptedNanos = arrival.acceptedNanos();
        this.begunNanos = engine.nanos();
        handler.ifPresent(Provider::opened);
        carrier.opened();
    }

    /** Gives the flow to its handler, on its loop. */
    void start(Listener routes) {
        downstream.onFault(this::handlerFailed);
        Optional<CloseReason> refused = engine.limiting().isEmpty() ? Optional.empty() : leases().accept(routes, downstream.peer().getAddress());
        if (refused.isPresent()) {
            downstream.reset();
            closed(refused.get());
            return;
        }
        try {
            handler.orElseThrow().as(FlowHandler.class).accepted(downstream, routes, this);
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
        downstream.loop().execute(() -> end(reason));
    }

    /** On its loop: asks the handler to end the flow, and sees to it that it is over. */
    private void end(CloseReason reason) {
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
    }

    @Override
    public boolean beginPeek() {
        peeking = !ended && held.place(source());
        return peeking;
    }

    @Override
    public boolean keep(int bytes) {
        return !ended && (bytes == 0 && !held.known() || held.keep(bytes, source()));
    }

    private long source() {
        return Pending.key(client().getAddress());
    }

    @Override
    public boolean maySpill() {
        return engine.pending().maySpill();
    }

    @Override
    public void spilled(int more) {
        if (!ended) {
            held.spilled(more);
        }
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return reader(Post.inspector(kind)).flatMap(provider -> begun(provider,
            () -> new GuardedInspection(provider.as(Inspector.class).begin(), fault -> failed(provider, fault))));
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return reader(new Post(ProviderView.Role.FILTER, kind)).flatMap(provider -> begun(provider,
            () -> new GuardedFiltering(provider.as(ListenerFilter.class).begin(), fault -> failed(provider, fault))));
    }

    /** Who serves this client. */
    Optional<Provider> provider(Post post) {
        return engine.provider(post, listener, client().getAddress());
    }

    /** Who reads what comes first; it counts as in use until the flow is routed or closed. */
    private Optional<Provider> reader(Post post) {
        Optional<Provider> found = ended ? Optional.empty() : provider(post);
        found.ifPresent(provider -> {
            provider.opened();
            reading = true;
            List<Provider> more = new ArrayList<>(readers);
            more.add(provider);
            readers = List.copyOf(more);
        });
        return found;
    }

    private <T> Optional<T> begun(Provider provider, Supplier<T> begin) {
        try {
            return Optional.of(begin.get());
        } catch (Throwable lastResort) {
            failed(provider, lastResort);
            return Optional.empty();
        }
    }

    void failed(Provider provider, Throwable fault) {
        provider.fault();
        FlowEvents.failed(id, fault);
    }

    private void releaseReaders() {
        if (reading) {
            reading = false;
            readers.forEach(Provider::released);
        }
    }

    @Override
    public void told(ToldOrigin origin) {
        told = origin;
        if (!ended) {
            held.move(source());
        }
    }

    @Override
    public Addresses addresses() {
        ToldOrigin origin = told;
        return Optional.ofNullable(origin).flatMap(ToldOrigin::addresses).orElseGet(() -> new Addresses(downstream.peer(), downstream.local()));
    }

    @Override
    public Optional<CloseReason> admit() {
        Route chosen = route;
        RuleCounters ofRule = counters;
        if (!ended && ofRule != null && engine.tooMany(ofRule)) {
            return Optional.of(CloseReason.MAX_CONNECTIONS);
        }
        return ended || chosen == null || engine.limiting().isEmpty() && chosen.rule().governance().policies().isEmpty() ? Optional.empty()
            : leases().admit(chosen.rule());
    }

    private Leases leases() {
        Leases given = leases == null ? new Leases(this, engine, downstream.loop()) : leases;
        leases = given;
        return given;
    }

    @Override
    public Budget budgetIn() {
        Leases given = leases;
        return given == null ? Budget.UNLIMITED : given.in();
    }

    @Override
    public Budget budgetOut() {
        Leases given = leases;
        return given == null ? Budget.UNLIMITED : given.out();
    }

    @Override
    public Optional<TargetSelection> select(Route chosen) {
        Optional<Provider> found = ended ? Optional.empty() : provider(Post.TARGETS);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Provider provider = found.get();
        provider.opened();
        selector = provider;
        TargetRequest request = new TargetRequest(chosen, seen(), client().getAddress(), downstream.loop());
        Optional<GuardedSelection> begun = begun(provider, () -> new GuardedSelection(
            provider.as(TargetSelector.class).begin(request, this::requestEnd), fault -> failed(provider, fault), this::guarded));
        selection = begun.orElse(null);
        return begun.map(its -> its);
    }

    @Override
    public Optional<byte[]> prelude(String kind, Target to) {
        Post post = new Post(ProviderView.Role.PRELUDE, kind);
        ToldOrigin origin = told;
        return provider(post).flatMap(provider -> {
            provider.opened();
            provider.released();
            return begun(provider, () -> provider.as(UpstreamPrelude.class).bytes(
                new PreludeFacts(id, addresses(), Optional.ofNullable(origin), seen(), to)));
        });
    }

    @Override
    public Cancellable connect(ConnectSpec spec, ConnectListener done) {
        if (!OwnConnections.listens(engine.table(), spec.endpoint())) {
            return attempt(spec, done);
        }
        ChainLink link = chain == null ? new ChainLink(this, downstream, engine.ownConnections()) : chain;
        chain = link;
        return link.connect(spec, done);
    }

    /** What whoever made the client's connection knows it by, if that was a flow. */
    OwnConnections.Ends downstreamEnds() {
        return OwnConnections.Ends.ofAccepted(downstream);
    }

    /** Whether it has the listener and the rule of another flow. */
    boolean goesTheWayOf(Flow other) {
        Route mine = route;
        Route its = other.route;
        return listener.key().equals(other.listener.key()) && mine != null && its != null && mine.rule().id() == its.rule().id();
    }

    Cancellable attempt(ConnectSpec spec, ConnectListener done) {
        return carrier.as(Transport.class).connect(downstream.loop(), spec, new ConnectListener() {
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

    void guarded(Runnable step) {
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
        held.leavePlace(source());
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
        releaseReaders();
        routedNanos = engine.nanos();
        route = chosen;
        state = FlowView.State.CONNECTING;
        RuleCounters ofRule = engine.counters(chosen.rule());
        ofRule.routed(chosen.match());
        counters = ofRule;
        if (chosen.match() != Route.Match.PLAIN) {
            FlowEvents.routedByName(id, chosen.rule().name(), seen().serverName().orElse(""));
        }
    }

    @Override
    public void dnsFailed() {
        count(its -> its.dnsFailures);
    }

    @Override
    public void connectFailed() {
        count(its -> its.connectFailures);
    }

    private void count(Function<RuleCounters, LongAdder> counter) {
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            counter.apply(ofRule).increment();
        }
    }

    @Override
    public void connected(Target taken, InetSocketAddress reached) {
        target = taken;
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
        if (peeking) {
            endPeek();
        }
        held.release();
        ended = true;
        ChainLink link = chain;
        if (link != null) {
            link.release();
        }
        releaseReaders();
        handler.ifPresent(h -> {
            h.closed(reason);
            h.released();
        });
        readers.forEach(reader -> reader.closed(reason));
        carrier.closed(reason);
        carrier.released();
        endSelection(reason);
        Leases given = leases;
        if (given != null) {
            given.closed(reason);
        }
        listener.peeks.closed(reason);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            engine.left(ofRule);
        }
        engine.ended(this, record(reason));
    }

    private void endSelection(CloseReason reason) {
        GuardedSelection open = selection;
        if (open != null) {
            open.release();
        }
        Provider provider = selector;
        if (provider != null) {
            provider.closed(reason);
            provider.released();
        }
    }

    /** Whether the flow holds a version of a bundle, or may: whoever read what came first has let go once a route is chosen. */
    boolean holds(String bundle, String version) {
        return state == FlowView.State.PEEKING && readers.stream().anyMatch(r -> r.origin().of(bundle, version))
            || keepers().anyMatch(k -> k.origin().of(bundle, version));
    }

    /** Those that it needs to its end. */
    private java.util.stream.Stream<Provider> keepers() {
        java.util.stream.Stream<Provider> always = java.util.stream.Stream.of(handler, Optional.ofNullable(selector), Optional.of(carrier))
            .flatMap(Optional::stream);
        Leases given = leases;
        return given == null ? always : java.util.stream.Stream.concat(always, given.holders().stream());
    }

    /** Whether it was routed by a rule. */
    boolean of(long ruleId) {
        Route chosen = route;
        return chosen != null && chosen.rule().id() == ruleId;
    }

    /** Everybody who has a part in it, as the listener knows them already if they are those of its last flow. */
    private Carriers parts() {
        Leases given = leases;
        List<Provider> holders = given == null ? List.of() : given.holders();
        return listener.carriers(handler.orElse(null), selector, carrier, holders, readers);
    }

    /** As its record names them. */
    List<FlowRecord.Carrier> carriers() {
        return parts().named();
    }

    FlowView view() {
        Route chosen = route;
        return new FlowView(id, state, parts().versions(), listener.text(), SocketAddresses.text(client()),
            chosen == null ? "" : chosen.rule().name(), seen().serverName(), targetText(chosen), openedAt,
            Duration.ofNanos(engine.nanos() - begunNanos), bytesIn, bytesOut);
    }

    private String targetText(@Nullable Route chosen) {
        Target taken = target;
        return taken != null ? taken.toString() : chosen == null ? "" : chosen.targetText();
    }

    /** What was seen of the first bytes; nothing until then. */
    Prelude seen() {
        Prelude known = prelude;
        return known == null ? Prelude.NONE : known;
    }

    EndedFlow record(CloseReason reason) {
        return new EndedFlow(this, route, engine.nanos() - acceptedNanos, reason);
    }

    // What its record is read from.

    EngineListener listener() {
        return listener;
    }

    /** Where it comes from, as somebody in front told or as the socket has it. */
    InetSocketAddress client() {
        ToldOrigin origin = told;
        return origin == null || origin.addresses().isEmpty() ? downstream.peer() : origin.addresses().get().client();
    }

    /** Who told; empty when nobody did. */
    Optional<InetSocketAddress> teller() {
        return told == null ? Optional.empty() : Optional.of(downstream.peer());
    }

    @Nullable Target target() {
        return target;
    }

    Optional<InetSocketAddress> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    Instant openedAt() {
        return openedAt;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    long peekNanos() {
        return peekNanos;
    }

    long connectNanos() {
        return connectNanos;
    }

    long firstByteNanos() {
        return firstByteNanos;
    }
}
