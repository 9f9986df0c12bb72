// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Stream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place of a flow among those of which one is the target of another. Confined to the flow's loop. */
final class ChainLink {
    private final StreamedFlow flow;
    private final Stream downstream;
    private final OwnConnections all;
    private OwnConnections.@Nullable Ends noted;

    ChainLink(StreamedFlow flow, Stream downstream, OwnConnections all) {
        this.flow = flow;
        this.downstream = downstream;
        this.all = all;
    }

    /** Connects to what may be a listener of this node, unless the flow has been where it is. */
    Cancellable connect(ConnectSpec spec, ConnectListener done) {
        Watched watched = new Watched(spec, done);
        if (OwnConnections.fromHere(downstream, spec)) {
            // The connection that it came by may have been made just now: a round later the loop has reported it.
            downstream.loop().execute(() -> flow.guarded(watched::beginUnlessBack));
        } else {
            watched.begin();
        }
        return watched;
    }

    private boolean back() {
        boolean back = all.leadsBack(flow);
        if (back) {
            flow.requestEnd(CloseReason.FORWARDING_LOOP);
        }
        return back;
    }

    private void note(Optional<OwnConnections.Ends> ends) {
        release();
        ends.ifPresent(its -> all.add(its, flow));
        noted = ends.orElse(null);
    }

    /** Forgets its connection. */
    void release() {
        OwnConnections.Ends known = noted;
        if (known != null) {
            noted = null;
            all.remove(known, flow);
        }
    }

    /** An attempt. Who waits for it is not called where it closes a loop: the flow ends. */
    private final class Watched implements Cancellable, ConnectListener {
        private final ConnectSpec spec;
        private final ConnectListener done;
        private Cancellable attempt = () -> { };
        private boolean cancelled;

        Watched(ConnectSpec spec, ConnectListener done) {
            this.spec = spec;
            this.done = done;
        }

        void beginUnlessBack() {
            if (!cancelled && !back()) {
                begin();
            }
        }

        void begin() {
            attempt = flow.attempt(spec, this);
        }

        @Override
        public void connected(Stream upstream) {
            Optional<OwnConnections.Ends> ends = OwnConnections.ends(upstream, spec);
            note(ends);
            // The chain may have grown behind this flow's back, between its look and now.
            if (ends.isPresent() && back()) {
                upstream.reset();
            } else {
                done.connected(upstream);
            }
        }

        @Override
        public void failed(ConnectFailure why) {
            done.failed(why);
        }

        @Override
        public void cancel() {
            cancelled = true;
            attempt.cancel();
        }
    }
}
