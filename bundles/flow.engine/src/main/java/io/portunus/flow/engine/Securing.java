// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.LayerFacts;
import io.portunus.flow.spi.LayerHost;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One layer on one stream of a flow: its handshake, bounded in time and bytes, and what the layer has of the flow to the end. Confined to the
 * flow's loop, but for {@link #run}.
 */
final class Securing implements LayerHost, Guard, Cancellable {
    private static final Cancellable NOTHING = () -> { };

    private final StreamedFlow flow;
    private final Provider layer;
    private final Route route;
    private final LayerRequest request;
    private final SecureListener done;
    private final BelowStream below;
    private Cancellable handshake = NOTHING;
    private Cancellable deadline = NOTHING;
    /** Whether it is known how the handshake went, or nobody asks any more. */
    private boolean over;
    private boolean cancelled;
    private boolean broken;

    Securing(StreamedFlow flow, Provider layer, Route route, LayerRequest request, SecureListener done) {
        this.flow = flow;
        this.layer = layer;
        this.route = route;
        this.request = request;
        this.done = done;
        this.below = new BelowStream(request.below(), this, request.received(), () -> flow.guarded(done::taken));
    }

    void begin() {
        deadline = flow.after(request.limit(), this::outOfTime);
        try {
            Cancellable its = Objects.requireNonNull(layer.as(StreamLayer.class).begin(this), "the layer cannot be called off");
            if (cancelled) {
                its.cancel();
            }
            handshake = over ? NOTHING : its;
        } catch (Throwable lastResort) {
            threw(lastResort);
        }
    }

    private boolean finish() {
        boolean first = !over;
        over = true;
        handshake = NOTHING;
        deadline.cancel();
        return first;
    }

    private void outOfTime() {
        cancel();
        done.failed(CloseReason.SECURE_TIMEOUT);
    }

    @Override
    public void cancel() {
        Cancellable its = handshake;
        if (finish()) {
            cancelled = true;
            try {
                its.cancel();
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
            below.silence();
        }
    }

    @Override
    public void secured(Stream above, LayerFacts facts) {
        Objects.requireNonNull(facts, "facts");
        LayeredStream secured = new LayeredStream(Objects.requireNonNull(above, "a stream"), request.below(), flow, this);
        if (!broken && finish()) {
            below.open();
            if (request.target().isEmpty()) {
                flow.secured(facts);
            }
            flow.guarded(() -> done.secured(secured, facts));
        }
    }

    @Override
    public void failed(CloseReason reason) {
        Objects.requireNonNull(reason, "a reason");
        if (!broken && finish()) {
            below.silence();
            flow.guarded(() -> done.failed(reason));
        }
    }

    /** The layer threw: nothing is heard of it any more, and the flow ends. */
    @Override
    public void threw(Throwable fault) {
        finish();
        below.silence();
        if (!broken) {
            broken = true;
            flow.breaks(layer, fault);
        }
    }

    // What the layer asks for.

    @Override
    public Stream below() {
        return below;
    }

    @Override
    public Route route() {
        return route;
    }

    @Override
    public Prelude prelude() {
        return flow.course().seen();
    }

    @Override
    public Optional<Target> target() {
        return request.target();
    }

    @Override
    public Optional<LayerFacts> downstream() {
        return flow.settled();
    }

    private EventLoop loop() {
        return request.below().loop();
    }

    private void guarded(Runnable step) {
        if (!broken && !flow.ended()) {
            try {
                step.run();
            } catch (Throwable lastResort) {
                threw(lastResort);
            }
        }
    }

    @Override
    public void run(Runnable step) {
        if (loop().inside()) {
            guarded(step);
        } else {
            later(step);
        }
    }

    @Override
    public void later(Runnable step) {
        loop().execute(() -> guarded(step));
    }

    @Override
    public Cancellable after(Duration delay, Runnable step) {
        return loop().after(delay, () -> guarded(step));
    }

    @Override
    public void held(int more) {
        flow.layered(more);
    }
}
