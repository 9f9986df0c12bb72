// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Decision;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Route;
import io.portunus.model.Rule;
import io.portunus.model.SocketTuning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection and its target, stage by stage: FILTER, PRELUDE, ROUTE, ADMIT, SECURE, CONNECT, PUMP, CLOSE. Read it downwards; each stage is
 * a class of its own. Confined to one loop; the engine's entry is notified of every stage and is closed exactly once, in {@link #close}. The engine
 * watches over all that runs here: what is thrown comes back as {@link #end}.
 */
final class TcpFlow {
    /** What stands where something may be under way, and nothing is. */
    static final Cancellable NOTHING_UNDER_WAY = () -> { };

    private static final byte[] NO_WORD = {};

    /** As the stages see it: once it was secured, by way of its layer. */
    private Stream downstream;
    private final StreamFlow flow;
    private final Pumping.Supplies supplies;
    private final KeptBytes received;
    /** Gives back what a layer was to read first, if there was any. */
    private Runnable giveBack = () -> { };
    private final long acceptedNanos;
    /** The stage, which ends without a word when it is cancelled. */
    private Cancellable underWay = NOTHING_UNDER_WAY;
    private @Nullable TargetSelection selection;
    private boolean peeking;
    private boolean closed;

    TcpFlow(Stream downstream, StreamFlow flow, Pumping.Supplies supplies) {
        this.downstream = downstream;
        this.flow = flow;
        this.supplies = supplies;
        this.received = new KeptBytes(flow, supplies.pumps().buffers(), downstream.loop());
        this.acceptedNanos = supplies.nanos().getAsLong();
    }

    // FILTER: only where somebody in front, who is trusted, has to declare for whom the connection is made.

    void start(Listener listener) {
        flow.onEnd(this::end);
        Optional<ProxyTrust> trust = listener.proxyTrust();
        if (trust.isPresent() && trust.get().trusts(downstream.peer().getAddress())) {
            filter(listener, trust.get().deadline());
        } else {
            look(listener);
        }
    }

    private void filter(Listener listener, Duration deadline) {
        if (!beginPeek()) {
            return;
        }
        Optional<Filtering> filtering = flow.filter(ListenerFilter.PROXY);
        if (filtering.isEmpty()) {
            drop(CloseReason.NO_HANDLER);
            return;
        }
        FilterReader reader = new FilterReader(downstream, flow, received, filtering.get(), new FilterReader.Callback() {
            @Override
            public void declared(DeclaredOrigin origin) {
                flow.declared(origin);
                look(listener);
            }

            @Override
            public void failed(CloseReason reason) {
                // No word: it is not a client that is refused, but whoever stands before it.
                leave(reason);
            }
        });
        underWay = reader;
        reader.start(deadline);
    }

    /** Takes a place among those that wait for their prelude, for as long as the flow waits for it; without one it is over. */
    private boolean beginPeek() {
        if (!peeking) {
            peeking = flow.beginPeek();
            if (!peeking) {
                drop(CloseReason.PEEK_CAPACITY);
            }
        }
        return peeking;
    }

    private void endPeek() {
        if (peeking) {
            peeking = false;
            flow.endPeek();
        }
    }

    // PRELUDE: only where the listener has to know what is asked for.

    private void look(Listener listener) {
        if (listener.inspects().isEmpty()) {
            route(listener, Prelude.NONE, reason -> NO_WORD);
        } else if (beginPeek()) {
            inspect(listener);
        }
    }

    /** Kinds that nobody recognises are passed over, with the rules that require them; others may take the connection all the same. */
    private void inspect(Listener whole) {
        List<Inspection> looks = new ArrayList<>(whole.inspects().size());
        List<String> missing = new ArrayList<>();
        for (String kind : whole.inspects()) {
            flow.inspect(kind).ifPresentOrElse(looks::add, () -> missing.add(kind));
        }
        Listener listener = whole.without(missing);
        if (listener.takesNothing()) {
            drop(CloseReason.NO_HANDLER);
        } else if (looks.isEmpty()) {
            route(listener, Prelude.NONE, reason -> NO_WORD);
        } else {
            read(listener, RivalInspections.of(looks));
        }
    }

    private void read(Listener listener, Inspection inspection) {
        PreludeReader reader = new PreludeReader(downstream, flow, received, inspection, new PreludeReader.Callback() {
            @Override
            public void recognised(Prelude seen) {
                flow.inspected(seen);
                route(listener, seen, inspection::refusal);
            }

            @Override
            public void unrecognised() {
                route(listener, Prelude.NONE, reason -> NO_WORD);
            }

            @Override
            public void refused(Verdict.No no) {
                endPeek();
                // What nobody knows may be of a kind that is passed over.
                boolean passedOver = !no.flawed() && !listener.unserved().isEmpty();
                refuse(passedOver ? CloseReason.NO_HANDLER : no.reason(), inspection.refusal(no.reason()));
            }

            @Override
            public void failed(CloseReason reason) {
                endPeek();
                refuse(reason, inspection.refusal(reason));
            }
        });
        underWay = reader;
        reader.start(listener.peek(), listener.silence());
    }

    // ROUTE: a pure function of the table, what was seen, and whom it is for.

    private interface RefusalBytes {
        byte[] word(CloseReason reason);
    }

    private void route(Listener listener, Prelude seen, RefusalBytes onRefusal) {
        endPeek();
        switch (listener.route(seen, flow.addresses().client().getAddress())) {
            case Decision.Routed routed -> admit(routed.route(), onRefusal);
            case Decision.Refused refused -> {
                CloseReason reason = CloseReason.of(refused.reason());
                refuse(reason, onRefusal.word(reason));
            }
        }
    }

    private void refuse(CloseReason reason, byte[] word) {
        boolean silent = reason.equals(CloseReason.NO_HANDLER) || reason.equals(CloseReason.SOURCE_DENIED) && word.length == 0;
        if (silent || reason.equals(CloseReason.CLOSED_DURING_PEEK)) {
            leave(reason);
            return;
        }
        Refusal refusal = new Refusal(downstream, flow, () -> close(reason));
        underWay = refusal;
        refusal.start(word);
    }

    // ADMIT: every policy that is there, or none of them holds anything.

    private void admit(Route route, RefusalBytes onRefusal) {
        flow.routed(route);
        Optional<CloseReason> refused = flow.admit();
        if (refused.isPresent()) {
            byte[] word = onRefusal.word(refused.get());
            if (word.length == 0) {
                drop(refused.get());
            } else {
                refuse(refused.get(), word);
            }
        } else {
            route.rule().layers().downstream().ifPresentOrElse(layer -> secure(route, layer), () -> connect(route));
        }
    }

    // SECURE: only where the rule requires a layer on the client's bytes. What was read of them for routing is the first that the layer reads.

    private void secure(Route route, String layer) {
        KeptBytes.Lent lent = received.lend();
        giveBack = lent::giveBack;
        Handshake handshake = new Handshake(giveBack, new Handshake.Callback() {
            @Override
            public void secured(Stream above) {
                downstream = above;
                connect(route);
            }

            @Override
            public void failed(CloseReason reason) {
                if (reason.equals(CloseReason.SECURE_TIMEOUT)) {
                    drop(reason);
                } else {
                    // The layer has had its word, if it has one, and that should arrive.
                    refuse(reason, NO_WORD);
                }
            }
        });
        underWay = handshake;
        handshake.begin(flow, LayerRequest.downstream(layer, downstream, lent.bytes(), Handshake.LIMIT));
    }

    // CONNECT: the client waits; a little of what it sends ahead is read, to notice when it has gone.

    private void connect(Route route) {
        Optional<TargetSelection> found = flow.select(route);
        if (found.isEmpty()) {
            drop(CloseReason.NO_HANDLER);
            return;
        }
        selection = found.get();
        if (!received.fit()) {
            drop(CloseReason.BUFFERS_FULL);
            return;
        }
        DownstreamWatch watch = new DownstreamWatch(downstream, received, this::end);
        UpstreamConnector.Search search = new UpstreamConnector.Search(route.rule(), supplies.nanos());
        UpstreamConnector connector = new UpstreamConnector(flow, found.get(), search, new UpstreamConnector.Callback() {
            @Override
            public void connected(Stream upstream) {
                pump(upstream, route.rule(), watch);
            }

            @Override
            public void failed(CloseReason reason) {
                // RST, as the target itself would have answered, so that clients fail over at once.
                drop(reason);
            }
        });
        underWay = connector;
        watch.start();
        connector.open();
    }

    // PUMP: both directions, until both have ended, one was reset, or a limit of time was reached.

    private void pump(Stream upstream, Rule rule, DownstreamWatch watch) {
        rule.sockets().downstream().unlike(SocketTuning.DEFAULT).ifPresent(downstream::tune);
        Pumping.Ends ends = new Pumping.Ends(downstream, upstream);
        Pumping pumping = new Pumping(ends, flow, supplies, rule.timeouts(), this::close);
        underWay = pumping;
        pumping.start(watch.stop(), watch.ended(), acceptedNanos);
        received.release();
    }

    // CLOSE: in one place, once.

    /** The client has gone, or an operator, the drain, or its target's failure ends the flow wherever it is. */
    private void end(CloseReason reason) {
        underWay.cancel();
        drop(reason);
    }

    /** A client that went by itself is not answered by a reset. */
    private void leave(CloseReason reason) {
        if (reason.equals(CloseReason.CLOSED_DURING_PEEK)) {
            downstream.close();
        }
        drop(reason);
    }

    private void drop(CloseReason reason) {
        downstream.reset();
        close(reason);
    }

    private void close(CloseReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        endPeek();
        received.release();
        giveBack.run();
        TargetSelection held = selection;
        try {
            if (held != null) {
                held.release();
            }
        } finally {
            flow.closed(reason);
        }
    }
}
