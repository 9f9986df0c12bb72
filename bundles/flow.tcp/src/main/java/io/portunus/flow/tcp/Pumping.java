// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamEvents;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Timeouts;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** An open flow: both directions, until both have ended, one was reset, or a limit of time was reached. Confined to the flow's loop. */
final class Pumping implements StreamEvents, Pump.Owner, PumpLimits.Watched, Cancellable {
    private final Stream downstream;
    private final Stream upstream;
    private final StreamFlow flow;
    private final Pump in;
    private final Pump out;
    private final PumpLimits limits;
    private final Consumer<CloseReason> callback;
    private long moved;
    private boolean over;

    /**
     * What flows are pumped with.
     *
     * @param pumps where bytes wait, and where lanes come from
     * @param nanos the time
     */
    record Supplies(Pump.Supplies pumps, LongSupplier nanos) {
    }

    /**
     * Makes it; it has not begun.
     *
     * @param callback called once with why it ended; both streams are closed by then
     */
    Pumping(Ends ends, StreamFlow flow, Supplies supplies, Timeouts timeouts, Consumer<CloseReason> callback) {
        this.downstream = ends.downstream();
        this.upstream = ends.upstream();
        this.flow = flow;
        this.in = new Pump(downstream, upstream, supplies.pumps(), flow::budgetIn, this);
        this.out = new Pump(upstream, downstream, supplies.pumps(), flow::budgetOut, this);
        this.limits = new PumpLimits(flow, supplies.nanos(), timeouts, this);
        this.callback = callback;
    }

    /** Its streams. */
    record Ends(Stream downstream, Stream upstream) {
    }

    /**
     * Starts.
     *
     * @param received what the client sent before its target was there
     * @param ended whether it sent FIN behind that
     * @param accepted when the flow was accepted
     */
    void start(ByteBuffer received, boolean ended, long accepted) {
        downstream.events(this);
        upstream.events(this);
        limits.begin(accepted);
        if (!over) {
            after(in, in.replay(received, ended));
        }
    }

    @Override
    public void readable(Stream stream) {
        step(stream == downstream ? in : out, true);
    }

    @Override
    public void writable(Stream stream) {
        step(stream == downstream ? out : in, false);
    }

    private void step(Pump pump, boolean readable) {
        if (!over) {
            after(pump, readable ? pump.readable() : pump.writable());
        }
    }

    @Override
    public void moved(Pump pump, int bytes) {
        moved += bytes;
        if (pump == in) {
            flow.movedIn(bytes);
        } else {
            flow.movedOut(bytes);
        }
    }

    @Override
    public boolean maySpill() {
        return flow.maySpill();
    }

    @Override
    public void spilled(int more) {
        flow.spilled(more);
    }

    @Override
    public void mayGoOn(Pump pump) {
        step(pump, true);
    }

    private void after(Pump pump, Pump.Step step) {
        switch (step) {
            case SOURCE_RESET -> reset(pump == in);
            case SINK_RESET -> sinkReset(pump);
            case WAIT, DONE -> {
                if (in.done() && out.done()) {
                    upstream.close();
                    downstream.close();
                    end(CloseReason.COMPLETED);
                } else {
                    if (in.done() || out.done()) {
                        limits.halfClosed();
                    }
                    downstream.interest(in.readInterest(), out.writeInterest());
                    upstream.interest(out.readInterest(), in.writeInterest());
                }
            }
        }
    }

    /** The side that took no more may have sent its last words before it reset; they are delivered first. */
    private void sinkReset(Pump pump) {
        Pump opposite = pump == in ? out : in;
        opposite.lastWords();
        reset(pump == out);
    }

    private void reset(boolean byDownstream) {
        reset(byDownstream ? CloseReason.DOWNSTREAM_RESET : CloseReason.UPSTREAM_RESET);
    }

    @Override
    public long moved() {
        return moved;
    }

    /** By RST, not by FIN: neither side has sent all it had to send, and each is to learn that what it sends now is lost. */
    @Override
    public void expired(CloseReason reason) {
        reset(reason);
    }

    private void reset(CloseReason reason) {
        upstream.reset();
        downstream.reset();
        end(reason);
    }

    private void end(CloseReason reason) {
        if (!over) {
            release();
            callback.accept(reason);
        }
    }

    private void release() {
        over = true;
        limits.cancel();
        in.release();
        out.release();
    }

    /** Resets the target's side without a callback. */
    @Override
    public void cancel() {
        if (!over) {
            upstream.reset();
            release();
        }
    }
}
