// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.model.Decision;
import io.portunus.model.Listener;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection and its target, stage by stage: PRELUDE, ROUTE, CONNECT, PUMP, CLOSE. Read it downwards. Confined to one loop; the
 * engine's entry is told of every stage and is closed exactly once, in {@link #close}.
 */
final class TcpFlow implements StreamEvents, Pump.Owner {
    private static final byte[] NOTHING_TO_SAY = {};

    private final Stream downstream;
    private final LiveFlow flow;
    private final UpstreamConnector connector;
    private final Pump.Supplies supplies;
    private ByteBuffer received = ByteBuffer.wrap(NOTHING_TO_SAY);
    private @Nullable PreludeReader prelude;
    private @Nullable Refusal refusal;
    private @Nullable Pumping pumping;
    private boolean closed;

    TcpFlow(Stream downstream, LiveFlow flow, UpstreamConnector connector, Pump.Supplies supplies) {
        this.downstream = downstream;
        this.flow = flow;
        this.connector = connector;
        this.supplies = supplies;
    }

    // PRELUDE: only where the listener has to know what is asked for.

    void start(Listener listener) {
        flow.onEnd(this::end);
        if (listener.inspects().isEmpty()) {
            route(listener, Prelude.NONE, reason -> NOTHING_TO_SAY);
        } else if (flow.beginPeek()) {
            inspect(listener);
        } else {
            drop(CloseReason.PEEK_CAPACITY);
        }
    }

    private void inspect(Listener listener) {
        List<Inspection> looks = new ArrayList<>(listener.inspects().size());
        for (String kind : listener.inspects()) {
            Optional<Inspection> look = flow.inspect(kind);
            if (look.isEmpty()) {
                flow.endPeek();
                drop(CloseReason.NO_HANDLER);
                return;
            }
            looks.add(look.get());
        }
        Inspection inspection = RivalInspections.of(looks);
        PreludeReader reader = new PreludeReader(downstream, flow, inspection, new PreludeReader.Outcome() {
            @Override
            public void recognised(Prelude seen, ByteBuffer bytes) {
                prelude = null;
                received = bytes;
                flow.inspected(seen);
                route(listener, seen, inspection::refusal);
            }

            @Override
            public void failed(CloseReason reason) {
                prelude = null;
                refuse(reason, inspection.refusal(reason));
            }
        });
        prelude = reader;
        reader.start();
    }

    // ROUTE: a pure function of the table and what was seen.

    private interface Farewell {
        byte[] word(CloseReason reason);
    }

    private void route(Listener listener, Prelude seen, Farewell farewell) {
        switch (listener.route(seen)) {
            case Decision.Routed routed -> connect(routed.route());
            case Decision.Refused refused -> {
                CloseReason reason = switch (refused.reason()) {
                    case NO_NAME -> CloseReason.NO_NAME;
                    case NOT_TLS -> CloseReason.NOT_TLS;
                    case NOT_RECOGNISED -> CloseReason.NOT_RECOGNISED;
                    case NO_MATCHING_NAME, NO_LISTENER -> CloseReason.NO_MATCHING_NAME;
                };
                refuse(reason, farewell.word(reason));
            }
        }
    }

    private void refuse(CloseReason reason, byte[] word) {
        if (reason == CloseReason.CLOSED_DURING_PEEK) {
            downstream.close();
            close(reason);
            return;
        }
        Refusal saying = new Refusal(downstream, () -> close(reason));
        refusal = saying;
        saying.say(word);
    }

    // CONNECT: the client waits; a little of what it sends ahead is read, to notice when it has gone.

    private void connect(Route route) {
        flow.routed(route);
        DownstreamWatch watch = new DownstreamWatch(downstream, received, () -> {
            connector.cancel();
            drop(CloseReason.DOWNSTREAM_RESET);
        });
        received = ByteBuffer.wrap(NOTHING_TO_SAY);
        watch.start();
        connector.open(route, downstream.loop(), new UpstreamConnector.Outcome() {
            @Override
            public void connected(Stream upstream) {
                pump(upstream, watch);
            }

            @Override
            public void failed(CloseReason reason) {
                // RST, as the target itself would have answered, so that clients fail over at once.
                drop(reason);
            }
        });
    }

    // PUMP: both directions, until both have ended or one was reset.

    /** The open flow. */
    private record Pumping(Stream upstream, Pump in, Pump out) {
        void release() {
            in.release();
            out.release();
        }
    }

    private void pump(Stream upstream, DownstreamWatch watch) {
        Pump in = new Pump(downstream, upstream, supplies, Budget.UNLIMITED, this);
        Pump out = new Pump(upstream, downstream, supplies, Budget.UNLIMITED, this);
        pumping = new Pumping(upstream, in, out);
        downstream.events(this);
        upstream.events(this);
        after(in, in.replay(watch.stop(), watch.ended()));
    }

    @Override
    public void readable(Stream stream) {
        Pumping open = pumping;
        if (open != null) {
            step(open, stream == downstream ? open.in() : open.out(), true);
        }
    }

    @Override
    public void writable(Stream stream) {
        Pumping open = pumping;
        if (open != null) {
            step(open, stream == downstream ? open.out() : open.in(), false);
        }
    }

    /** A defect ends the flow over our heads (the engine resets the streams), and lanes have more than memory to give back. */
    private void step(Pumping open, Pump pump, boolean readable) {
        boolean sound = false;
        try {
            after(pump, readable ? pump.readable() : pump.writable());
            sound = true;
        } finally {
            if (!sound) {
                open.release();
            }
        }
    }

    @Override
    public void moved(Pump pump, int bytes) {
        Pumping open = pumping;
        if (open != null && pump == open.in()) {
            flow.movedIn(bytes);
        } else {
            flow.movedOut(bytes);
        }
    }

    /** Nobody watches over what a budget runs, as the engine does over events; so a defect ends the flow here. */
    @Override
    public void mayGoOn(Pump pump) {
        Pumping open = pumping;
        if (open == null) {
            return;
        }
        boolean sound = false;
        try {
            step(open, pump, true);
            sound = true;
        } finally {
            if (!sound) {
                open.upstream().reset();
                drop(CloseReason.INTERNAL_ERROR);
            }
        }
    }

    private void after(Pump pump, Pump.Step step) {
        Pumping open = pumping;
        if (open == null) {
            return;
        }
        switch (step) {
            case SOURCE_RESET -> reset(open, pump == open.in());
            case SINK_RESET -> sinkReset(open, pump);
            case WAIT, DONE -> {
                if (open.in().done() && open.out().done()) {
                    open.upstream().close();
                    downstream.close();
                    close(CloseReason.COMPLETED);
                } else {
                    downstream.interest(open.in().wantsRead(), open.out().wantsWrite());
                    open.upstream().interest(open.out().wantsRead(), open.in().wantsWrite());
                }
            }
        }
    }

    /** The side that took no more may have sent its last words before it reset; they are delivered first. */
    private void sinkReset(Pumping open, Pump pump) {
        Pump opposite = pump == open.in() ? open.out() : open.in();
        opposite.readable();
        reset(open, pump == open.out());
    }

    private void reset(Pumping open, boolean byDownstream) {
        open.upstream().reset();
        drop(byDownstream ? CloseReason.DOWNSTREAM_RESET : CloseReason.UPSTREAM_RESET);
    }

    // CLOSE: in one place, once.

    /** An operator, or the drain, ends the flow wherever it is. */
    private void end(CloseReason reason) {
        PreludeReader reading = prelude;
        if (reading != null) {
            reading.cancel();
        }
        Refusal saying = refusal;
        if (saying != null) {
            saying.end();
            return;
        }
        connector.cancel();
        Pumping open = pumping;
        if (open != null) {
            open.upstream().reset();
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
        Pumping open = pumping;
        if (open != null) {
            pumping = null;
            open.release();
        }
        flow.closed(reason);
    }
}
