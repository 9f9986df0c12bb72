// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One live flow, of whatever protocol: its entry, who answers for what is thrown in it, and its end. Confined to its loop; what surfaces read is
 * volatile, or final.
 */
abstract class Flow implements LiveFlow, Guard {
    private final long id;
    private final Optional<Provider> handler;
    private final EngineListener listener;
    private final Engine engine;
    private final Course course;
    private volatile @Nullable DeclaredOrigin declared;
    private @Nullable EndRequest onEnd;
    private boolean ended;
    /** Whether some part of it has thrown: then that is why it ended. */
    private boolean broken;
    /** Whether its end was asked for: once is enough, and a loop that stands still would keep each request. Volatile: any thread asks. */
    private volatile boolean asked;
    /** Whether its end is no part's doing: the engine ends it, or a policy refused it. */
    private boolean excused;

    Flow(long id, Optional<Provider> handler, Arrival arrival, Engine engine) {
        this.id = id;
        this.handler = handler;
        this.listener = arrival.listener();
        this.engine = engine;
        this.course = new Course(engine, arrival.acceptedAt(), arrival.acceptedNanos());
        handler.ifPresent(Provider::opened);
    }

    // What its protocol knows.

    /** The loop it lives on. */
    abstract EventLoop loop();

    /** The client's end of its connection, as the socket has it. */
    abstract InetSocketAddress peer();

    /** This machine's end of it, which may have to be asked for. */
    abstract InetSocketAddress local();

    /** Ends its sockets, whatever its handler has done with them. */
    abstract void sever();

    /** Gives back what it holds of what all flows share. Called once, as its last act. */
    abstract void giveBack();

    /** Lets go of whoever has a part in it. Called once, when it is over. */
    abstract void release(CloseReason reason);

    /** Everybody who has a part in it, as the listener knows them already if they are those of its last flow. */
    abstract Carriers parts();

    /** Who wrote the header to the target; it is not held, and counted all the same. */
    abstract @Nullable Provider writer();

    /** What its loop does. */
    abstract LoopTurn turn();

    /** Whether its client left before it had sent anything, as far as its protocol shows that. */
    boolean leftInSilence() {
        return false;
    }

    /** Whether the flow holds a version of a bundle, or may. */
    abstract boolean holds(String bundle, String version);

    // What watches over its handler, and over everybody else who has a part in it.

    @Override
    public void threw(Throwable fault) {
        handler.ifPresent(its -> charge(its, fault));
        broken = true;
        end(CloseReason.INTERNAL_ERROR);
    }

    /** Counts and logs what a part of the flow threw. */
    void charge(Provider whose, Throwable fault) {
        whose.fault(fault);
        FlowEvents.failed(id, fault);
    }

    /** A part of the flow that is called from within the handler threw; the flow ends when the handler has returned. */
    void breaks(Provider whose, Throwable fault) {
        charge(whose, fault);
        broken = true;
        requestEnd(CloseReason.INTERNAL_ERROR);
    }

    /** Runs a step of the handler. */
    void guarded(Runnable step) {
        if (ended) {
            return;
        }
        boolean mine = turn().begin(this);
        try {
            step.run();
        } catch (Throwable lastResort) {
            threw(lastResort);
        } finally {
            if (mine) {
                turn().end();
            }
        }
    }

    @Override
    public void run(Runnable step) {
        if (loop().inside()) {
            guarded(step);
        } else {
            loop().execute(() -> guarded(step));
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable step) {
        return loop().after(delay, () -> guarded(step));
    }

    // Its end.

    @Override
    public void onEnd(EndRequest request) {
        onEnd = request;
    }

    /** Asks the handler to end the flow; callable from any thread. */
    void requestEnd(CloseReason reason) {
        if (!asked) {
            asked = true;
            loop().execute(() -> end(reason));
        }
    }

    /** On its loop: asks the handler to end the flow, once, and sees to it that it is over. */
    void end(CloseReason reason) {
        excused |= !broken;
        EndRequest request = onEnd;
        onEnd = null;
        if (request != null && !ended) {
            try {
                request.end(reason);
            } catch (Throwable lastResort) {
                handler.ifPresent(its -> charge(its, lastResort));
                broken = true;
            }
        }
        if (!ended || broken) {
            sever();
            closed(reason);
        }
    }

    @Override
    public void closed(CloseReason given) {
        if (ended) {
            return;
        }
        CloseReason reason = broken ? CloseReason.INTERNAL_ERROR : given;
        giveBack();
        ended = true;
        onEnd = null;
        count();
        release(reason);
        handler.ifPresent(its -> {
            its.closed(reason);
            its.released();
        });
        listener.peeks.closed(reason);
        RuleCounters ofRule = course.counters();
        if (ofRule != null) {
            engine.left(ofRule);
        }
        engine.ended(this, record(reason));
    }

    /** Its end proves nothing of those who have a part in it. */
    void excuse() {
        excused = true;
    }

    /** What it came to, if it has not delivered bytes both ways: that was counted when it was so. */
    private void count() {
        boolean movedIn = course.bytesIn() > 0;
        boolean movedOut = course.bytesOut() > 0;
        if (movedIn && movedOut) {
            return;
        }
        boolean moved = movedIn || movedOut;
        if (excused || !moved && leftInSilence()) {
            each(Results::excused);
        } else {
            each(moved ? Results::oneWay : Results::nothing);
        }
    }

    private void each(Consumer<Results> counts) {
        for (Provider part : parts().everybody()) {
            counts.accept(part.results());
        }
        Provider header = writer();
        if (header != null) {
            counts.accept(header.results());
        }
    }

    EndedFlow record(CloseReason reason) {
        return new EndedFlow(this, course, course.totalNanos(), reason);
    }

    boolean ended() {
        return ended;
    }

    // What its handler writes down.

    @Override
    public long id() {
        return id;
    }

    @Override
    public void declared(DeclaredOrigin origin) {
        declared = origin;
    }

    @Override
    public Addresses addresses() {
        DeclaredOrigin origin = declared;
        return Optional.ofNullable(origin).flatMap(DeclaredOrigin::addresses).orElseGet(() -> new Addresses(peer(), local()));
    }

    @Override
    public void inspected(Prelude seen) {
        course.inspected(seen);
    }

    @Override
    public void routed(Route chosen) {
        if (ended) {
            return;
        }
        course.routed(chosen);
        if (chosen.match() != Route.MatchedBy.PLAIN) {
            FlowEvents.routedByName(id, chosen.rule().name(), course.seen().serverName().orElse(""));
        }
    }

    @Override
    public void dnsFailed() {
        course.dnsFailed();
    }

    @Override
    public void connectFailed() {
        course.connectFailed();
    }

    @Override
    public void connected(Target taken, InetSocketAddress reached) {
        course.connected(taken, reached);
    }

    @Override
    public void movedIn(int bytes) {
        if (course.movedIn(bytes)) {
            each(Results::delivered);
        }
    }

    @Override
    public void movedOut(int bytes) {
        if (course.movedOut(bytes)) {
            long nanos = course.firstByteNanos();
            for (Provider part : parts().everybody()) {
                part.results().firstByte(nanos);
            }
            if (course.bytesIn() > 0) {
                each(Results::delivered);
            }
        }
    }

    // What surfaces and its record read.

    FlowView view() {
        Route chosen = course.route();
        return new FlowView(id, course.state(), parts().versions(), listener.text(), SocketAddresses.text(client()),
            chosen == null ? "" : chosen.rule().name(), course.seen().serverName(), course.targetText(), course.openedAt(),
            Duration.ofNanos(course.servedNanos()), course.bytesIn(), course.bytesOut(), heldBack());
    }

    private Optional<HeldBack> heldBack() {
        return course.heldBackInNanos() == FlowRecord.NOT_REACHED ? Optional.empty()
            : Optional.of(new HeldBack(Duration.ofNanos(course.heldBackInNanos()), Duration.ofNanos(Math.max(0, course.heldBackOutNanos()))));
    }

    /** As its record names those who have a part in it. */
    List<FlowRecord.Carrier> carriers() {
        return parts().named();
    }

    Engine engine() {
        return engine;
    }

    Optional<Provider> handler() {
        return handler;
    }

    EngineListener listener() {
        return listener;
    }

    Course course() {
        return course;
    }

    /** Whether it was routed by a rule. */
    boolean of(long ruleId) {
        Route chosen = course.route();
        return chosen != null && chosen.rule().id() == ruleId;
    }

    /** What somebody in front declared. */
    Optional<DeclaredOrigin> origin() {
        return Optional.ofNullable(declared);
    }

    /** Where it comes from, as somebody in front declared it or as the socket has it. */
    InetSocketAddress client() {
        DeclaredOrigin origin = declared;
        return origin == null || origin.addresses().isEmpty() ? peer() : origin.addresses().get().client();
    }

    /** Who declared an origin; empty when nobody did. */
    Optional<InetSocketAddress> declaredBy() {
        return declared == null ? Optional.empty() : Optional.of(peer());
    }
}
