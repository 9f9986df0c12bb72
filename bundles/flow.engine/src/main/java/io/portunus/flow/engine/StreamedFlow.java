// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.LayerFacts;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.Transport;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A flow between two streams of one transport. Confined to its loop. */
final class StreamedFlow extends ServedFlow implements StreamFlow {
    private final Stream downstream;
    private @Nullable GuardedStream client;
    private @Nullable Stream upstream;
    /** Its place in a chain, if its target may be a listener of this node. */
    private @Nullable ChainLink chain;
    private @Nullable LayerFacts settled;
    private @Nullable GuardedSelection search;

    StreamedFlow(long id, Optional<Provider> handler, Connection connection, Engine engine) {
        super(id, handler, connection.arrival(), engine);
        this.downstream = connection.stream();
    }

    /** Gives the flow to its handler, on its loop. */
    void start(Listener routes) {
        boolean mine = turn().begin(this);
        try {
            serve(routes);
        } finally {
            if (mine) {
                turn().end();
            }
        }
    }

    private void serve(Listener routes) {
        Optional<CloseReason> refused = accept(routes);
        if (refused.isPresent()) {
            downstream.reset();
            closed(refused.get());
            return;
        }
        FlowHandler chosen = handler().orElseThrow().as(FlowHandler.class);
        GuardedStream stream = new GuardedStream(downstream, this, turn());
        client = stream;
        guarded(() -> chosen.accepted(stream, routes, this));
    }

    @Override
    public Optional<TargetSelection> select(Route route) {
        Optional<GuardedSelection> begun = search(route);
        search = begun.orElse(null);
        return begun.map(its -> its);
    }

    @Override
    InetSocketAddress peer() {
        return downstream.peer();
    }

    @Override
    InetSocketAddress local() {
        return downstream.local();
    }

    @Override
    boolean leftInSilence() {
        GuardedStream its = client;
        return its != null && its.leftInSilence();
    }

    @Override
    void sever() {
        Stream open = upstream;
        if (open != null) {
            open.reset();
        }
        downstream.reset();
    }

    @Override
    void release(CloseReason reason) {
        GuardedSelection open = search;
        if (open != null) {
            open.release();
        }
        super.release(reason);
        ChainLink link = chain;
        if (link != null) {
            link.release();
        }
    }

    // The target's side.

    @Override
    public Cancellable connect(ConnectSpec spec, ConnectListener done) {
        if (!OwnConnections.listens(engine().table(), spec.endpoint())) {
            return attempt(spec, done);
        }
        ChainLink link = chain == null ? new ChainLink(this, downstream, engine().ownConnections()) : chain;
        chain = link;
        return link.connect(spec, done);
    }

    /** What whoever made the client's connection knows it by, if that was a flow. */
    OwnConnections.Ends downstreamEnds() {
        return OwnConnections.Ends.ofAccepted(downstream);
    }

    /** Whether it has the listener and the rule of another flow. */
    boolean goesTheWayOf(StreamedFlow other) {
        Route mine = course().route();
        Route its = other.course().route();
        return listener().key().equals(other.listener().key()) && mine != null && its != null && mine.rule().id() == its.rule().id();
    }

    Cancellable attempt(ConnectSpec spec, ConnectListener done) {
        try {
            return carrier().as(Transport.class).connect(loop(), spec, guarded(done));
        } catch (Throwable lastResort) {
            // The transport's fault, and not that of the handler that called.
            breaks(carrier(), lastResort);
            return () -> { };
        }
    }

    private ConnectListener guarded(ConnectListener done) {
        return new ConnectListener() {
            @Override
            public void connected(Stream stream) {
                if (ended()) {
                    stream.reset();
                    return;
                }
                upstream = stream;
                guarded(() -> done.connected(new GuardedStream(stream, StreamedFlow.this, turn())));
            }

            @Override
            public void failed(ConnectFailure why) {
                guarded(() -> done.failed(why));
            }
        };
    }

    // What wraps its streams.

    @Override
    public Optional<Cancellable> secure(LayerRequest request, SecureListener done) {
        Route chosen = course().route();
        Optional<Provider> found = chosen == null ? Optional.empty() : layer(request.kind());
        if (chosen == null || found.isEmpty()) {
            return Optional.empty();
        }
        Securing securing = new Securing(this, found.get(), chosen, request, done);
        securing.begin();
        return Optional.of(securing);
    }

    /** The client's side has settled this; only now the target is searched. */
    void secured(LayerFacts facts) {
        settled = facts;
        course().searchBegins();
    }

    /** What was settled with the client. */
    Optional<LayerFacts> settled() {
        return Optional.ofNullable(settled);
    }
}
