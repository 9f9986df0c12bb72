// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
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
import java.util.Optional;

/** A layer on a stream in memory, which gives what was read of it once more. Confined to one thread. */
final class MemoryLayering implements LayerHost, Cancellable {
    private final MemoryFlow flow;
    private final LayerRequest request;
    private final SecureListener done;
    private Cancellable handshake = () -> { };
    private Cancellable deadline = () -> { };
    private boolean over;

    MemoryLayering(MemoryFlow flow, LayerRequest request, SecureListener done) {
        this.flow = flow;
        this.request = request;
        this.done = done;
    }

    Cancellable begin(StreamLayer layer) {
        boolean received = request.received().hasRemaining();
        MemoryStream stream = (MemoryStream) request.below();
        stream.takesBack(request.received());
        if (received) {
            done.taken();
        }
        deadline = flow.after(request.limit(), () -> {
            cancel();
            done.failed(CloseReason.SECURE_TIMEOUT);
        });
        handshake = layer.begin(this);
        stream.announce();
        return this;
    }

    private boolean finish() {
        boolean first = !over;
        over = true;
        deadline.cancel();
        return first;
    }

    @Override
    public void cancel() {
        if (finish()) {
            handshake.cancel();
        }
    }

    @Override
    public void secured(Stream above, LayerFacts facts) {
        if (finish()) {
            done.secured(above, facts);
        }
    }

    @Override
    public void failed(CloseReason reason) {
        if (finish()) {
            done.failed(reason);
        }
    }

    @Override
    public Stream below() {
        return request.below();
    }

    @Override
    public Route route() {
        return flow.routes.getLast();
    }

    @Override
    public Prelude prelude() {
        return flow.seen();
    }

    @Override
    public Optional<Target> target() {
        return request.target();
    }

    @Override
    public Optional<LayerFacts> downstream() {
        return Optional.empty();
    }

    @Override
    public void run(Runnable step) {
        flow.run(step);
    }

    @Override
    public void later(Runnable step) {
        after(Duration.ZERO, step);
    }

    @Override
    public Cancellable after(Duration delay, Runnable step) {
        return flow.after(delay, step);
    }

    @Override
    public void held(int more) {
        flow.spilled(more);
    }
}
