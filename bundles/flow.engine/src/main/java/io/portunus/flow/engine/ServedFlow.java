// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.FlowServices;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.TargetRequest;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Listener;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A flow and those who serve it: who reads its prelude, admits it, and finds its target, each of one version to the end, and what it holds
 * of all that flows share. Confined to its loop; what surfaces read is volatile.
 */
abstract class ServedFlow extends Flow implements FlowServices {
    private final EventLoop loop;
    private final Parts parts;
    private final Held held;
    private final LoopTurn turn;
    private @Nullable Provider writer;
    private boolean peeking;

    ServedFlow(long id, Optional<Provider> handler, Arrival arrival, Engine engine) {
        super(id, handler, arrival, engine);
        this.loop = arrival.loop();
        this.parts = new Parts(handler, arrival.carrier());
        this.turn = arrival.carrier().turn(loop);
        this.held = new Held(engine.pending(), loop, arrival.listener(), this::end);
    }

    @Override
    final EventLoop loop() {
        return loop;
    }

    @Override
    final @Nullable Provider writer() {
        return writer;
    }

    @Override
    final LoopTurn turn() {
        return turn;
    }

    Provider carrier() {
        return parts.carrier();
    }

    private long source() {
        return Pending.key(client().getAddress());
    }

    // What it holds.

    @Override
    public boolean beginPeek() {
        peeking = !ended() && held.place(source());
        return peeking;
    }

    @Override
    public void endPeek() {
        if (ended()) {
            return;
        }
        peeking = false;
        listener().peeks.end(course().peeked());
        held.leavePlace(source());
    }

    @Override
    public boolean keep(int bytes) {
        return !ended() && (bytes == 0 && !held.known() || held.keep(bytes, source()));
    }

    @Override
    public boolean maySpill() {
        return engine().pending().maySpill();
    }

    @Override
    public void spilled(int more) {
        if (!ended()) {
            held.spilled(more);
        }
    }

    /** A layer holds so many bytes more, or fewer; without room for them the flow ends. */
    void layered(int more) {
        if (!ended() && !held.layers(more, source())) {
            requestEnd(CloseReason.BUFFERS_FULL);
        }
    }

    @Override
    public void connected(Target target, InetSocketAddress endpoint) {
        super.connected(target, endpoint);
        if (!ended()) {
            held.connected(source());
        }
    }

    @Override
    public void declared(DeclaredOrigin origin) {
        super.declared(origin);
        if (!ended()) {
            held.move(source());
        }
    }

    // Who serves it.

    /** Who serves this client. */
    Optional<Provider> provider(Post post) {
        return engine().provider(post, listener(), client().getAddress());
    }

    <T> Optional<T> begun(Provider provider, Supplier<T> begin) {
        try {
            return Optional.of(begin.get());
        } catch (Throwable lastResort) {
            charge(provider, lastResort);
            return Optional.empty();
        }
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return reader(Post.inspector(Protocol.TCP, kind)).flatMap(provider -> begun(provider,
            () -> new GuardedInspection(provider.as(Inspector.class).begin(), fault -> charge(provider, fault))));
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return reader(new Post(ProviderView.Role.FILTER, kind)).flatMap(provider -> begun(provider,
            () -> new GuardedFiltering(provider.as(ListenerFilter.class).begin(listener().key().protocol()),
                fault -> charge(provider, fault))));
    }

    /** Who reads what comes first; it counts as in use until the flow is routed or closed. */
    Optional<Provider> reader(Post post) {
        Optional<Provider> found = ended() ? Optional.empty() : provider(post);
        found.ifPresent(parts::reads);
        return found;
    }

    @Override
    public void routed(Route chosen) {
        if (!ended()) {
            parts.releaseReaders();
        }
        super.routed(chosen);
    }

    /** Who wraps streams of the kind, one version for all streams of the flow; it counts as in use until the flow is closed. */
    Optional<Provider> layer(String kind) {
        Post post = Post.layer(kind);
        Optional<Provider> known = parts.wrapper(post);
        if (known.isPresent() || ended()) {
            return known;
        }
        Optional<Provider> found = provider(post);
        found.ifPresent(parts::wraps);
        return found;
    }

    @Override
    public Optional<CloseReason> admit() {
        Route chosen = course().route();
        RuleCounters ofRule = course().counters();
        if (!ended() && ofRule != null && engine().tooMany(ofRule)) {
            return Optional.of(CloseReason.MAX_CONNECTIONS);
        }
        return ended() || chosen == null || engine().limiting().isEmpty() && chosen.rule().governance().policies().isEmpty() ? Optional.empty()
            : leases().admit(engine().inForce(chosen.rule()));
    }

    /** Asks the policies before a byte is read. */
    Optional<CloseReason> accept(Listener routes) {
        return engine().limiting().isEmpty() ? Optional.empty() : leases().arrived(routes);
    }

    /** A policy has come, or the flow's rule names it from now on. On the loop. */
    void offer(Post post, Map<Long, Rule> rules, boolean named) {
        if (!ended()) {
            Route chosen = course().route();
            leases().offer(post, Optional.ofNullable(chosen).map(its -> rules.getOrDefault(its.rule().id(), its.rule())), named);
        }
    }

    /** The flow's rule, as it is in force, sets something else for policies. On the loop. */
    void amended(Rule rule, Set<Post> changed) {
        if (!ended()) {
            leases().amended(rule, changed);
        }
    }

    private Leases leases() {
        Leases given = parts.leases();
        if (given == null) {
            given = new Leases(this, engine(), loop);
            parts.limits(given);
        }
        return given;
    }

    @Override
    public Budget budgetIn() {
        Leases given = parts.leases();
        return given == null ? Budget.UNLIMITED : given.in();
    }

    @Override
    public Budget budgetOut() {
        Leases given = parts.leases();
        return given == null ? Budget.UNLIMITED : given.out();
    }

    /** Begins a search, every one of a flow by the same version; released by whoever asks for it. */
    Optional<GuardedSelection> search(Route chosen) {
        Optional<Provider> known = parts.selector();
        Optional<Provider> found = ended() || known.isPresent() ? known : provider(Post.TARGETS);
        if (ended() || found.isEmpty()) {
            return Optional.empty();
        }
        Provider provider = found.get();
        if (known.isEmpty()) {
            parts.selects(provider);
        }
        TargetRequest request = new TargetRequest(chosen, course().seen(), client().getAddress(), loop);
        return begun(provider, () -> new GuardedSelection(
            provider.as(TargetSelector.class).begin(request, this::requestEnd), fault -> charge(provider, fault), this::guarded));
    }

    @Override
    public Optional<byte[]> header(String kind, Target to) {
        Post post = new Post(ProviderView.Role.HEADER, kind);
        return provider(post).flatMap(provider -> {
            provider.opened();
            provider.released();
            writer = provider;
            return begun(provider, () -> provider.as(UpstreamHeader.class).bytes(
                new HeaderFacts(id(), addresses(), origin(), course().seen(), to, listener().key().protocol())));
        });
    }

    // Who has a part in it, and what is given back.

    @Override
    void giveBack() {
        if (peeking) {
            endPeek();
        }
        held.release();
    }

    @Override
    void release(CloseReason reason) {
        parts.release(reason);
    }

    /** Whoever read what comes first has let go once a route is chosen. */
    @Override
    boolean holds(String bundle, String version) {
        return course().state() == FlowView.State.PEEKING && parts.readBy(bundle, version) || parts.keeps(bundle, version);
    }

    @Override
    Carriers parts() {
        return parts.as(listener());
    }
}
