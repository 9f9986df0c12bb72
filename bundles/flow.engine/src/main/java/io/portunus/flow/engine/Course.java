// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.FlowView;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How far a flow has come: what was seen and chosen, how long that took, and what was moved, for its rule's counters, for surfaces and for its
 * record. Written on the flow's loop only; surfaces read it from other threads, so what they read is volatile. Byte counters have one writer and
 * are stored in order, without a fence.
 */
final class Course {
    private static final AtomicLongFieldUpdater<Course> BYTES_IN = AtomicLongFieldUpdater.newUpdater(Course.class, "bytesIn");
    private static final AtomicLongFieldUpdater<Course> BYTES_OUT = AtomicLongFieldUpdater.newUpdater(Course.class, "bytesOut");
    private static final long UNSET = FlowRecord.NOT_REACHED;

    private final Engine engine;
    private final Instant openedAt;
    private final long acceptedNanos;
    /** When it was given to its handler, or refused; it may have waited before. */
    private final long begunNanos;
    private volatile FlowView.State state = FlowView.State.PEEKING;
    private volatile @Nullable Prelude prelude;
    private volatile @Nullable Route route;
    private volatile @Nullable Target target;
    private volatile @Nullable InetSocketAddress endpoint;
    private volatile long bytesIn;
    private volatile long bytesOut;
    private long datagramsIn;
    private long datagramsOut;
    private @Nullable RuleCounters counters;
    private volatile long heldBackIn = UNSET;
    private volatile long heldBackOut = UNSET;
    private long peekNanos = UNSET;
    private long searchNanos = UNSET;
    private long connectNanos = UNSET;
    private long firstByteNanos = UNSET;

    Course(Engine engine, Instant openedAt, long acceptedNanos) {
        this.engine = engine;
        this.openedAt = openedAt;
        this.acceptedNanos = acceptedNanos;
        this.begunNanos = engine.nanos();
    }

    // What is written down.

    void inspected(Prelude seen) {
        prelude = seen;
    }

    /** The prelude is waited for no more; how long it was. */
    long peeked() {
        peekNanos = totalNanos();
        return peekNanos;
    }

    void routed(Route chosen) {
        searchBegins();
        route = chosen;
        state = FlowView.State.CONNECTING;
        RuleCounters ofRule = engine.counters(chosen.rule());
        ofRule.routed(chosen.match());
        counters = ofRule;
    }

    /** From here on it is the target that it waits for. */
    void searchBegins() {
        searchNanos = engine.nanos();
    }

    void dnsFailed() {
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.dnsFailures.increment();
        }
    }

    void connectFailed() {
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.connectFailures.increment();
        }
    }

    void connected(Target taken, InetSocketAddress reached) {
        target = taken;
        connectNanos = engine.nanos() - searchNanos;
        endpoint = reached;
        state = FlowView.State.OPEN;
    }

    /** Whether they are the first of both ways. */
    boolean movedIn(int bytes) {
        long before = bytesIn;
        BYTES_IN.lazySet(this, before + bytes);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.bytesIn.add(bytes);
        }
        return before == 0 && bytes > 0 && bytesOut > 0;
    }

    /** Whether they are the target's first. */
    boolean movedOut(int bytes) {
        boolean first = firstByteNanos == UNSET;
        if (first) {
            firstByteNanos = totalNanos();
        }
        BYTES_OUT.lazySet(this, bytesOut + bytes);
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.bytesOut.add(bytes);
        }
        return first;
    }

    void datagramsIn(int count) {
        datagramsIn += count;
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.datagramsIn(count);
        }
    }

    void datagramsOut(int count) {
        datagramsOut += count;
        RuleCounters ofRule = counters;
        if (ofRule != null) {
            ofRule.datagramsOut(count);
        }
    }

    /** A policy may let its bytes wait from now on. */
    void limited() {
        heldBackIn = Math.max(0, heldBackIn);
        heldBackOut = Math.max(0, heldBackOut);
    }

    /** Bytes have waited for a policy, in or out. */
    void heldBack(String policy, boolean in, long nanos) {
        RuleCounters ofRule = counters;
        long before = in ? heldBackIn : heldBackOut;
        if (in) {
            heldBackIn = before + nanos;
        } else {
            heldBackOut = before + nanos;
        }
        if (ofRule != null) {
            ofRule.limited(policy).heldBack(in, nanos);
        }
    }

    // What is read.

    FlowView.State state() {
        return state;
    }

    /** What was seen of the prelude; nothing until then. */
    Prelude seen() {
        Prelude known = prelude;
        return known == null ? Prelude.NONE : known;
    }

    @Nullable Route route() {
        return route;
    }

    @Nullable RuleCounters counters() {
        return counters;
    }

    @Nullable Target target() {
        return target;
    }

    /** The target, or those it may have, as operators write them. */
    String targetText() {
        Target taken = target;
        Route chosen = route;
        return taken != null ? taken.toString() : chosen == null ? "" : chosen.targetText();
    }

    Optional<InetSocketAddress> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    Instant openedAt() {
        return openedAt;
    }

    /** How long it has been served. */
    long servedNanos() {
        return engine.nanos() - begunNanos;
    }

    /** From accept until now. */
    long totalNanos() {
        return engine.nanos() - acceptedNanos;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    long datagramsIn() {
        return datagramsIn;
    }

    long datagramsOut() {
        return datagramsOut;
    }

    /** How long its bytes have waited for policies; {@link FlowRecord#NOT_REACHED} where none limits it. */
    long heldBackInNanos() {
        return heldBackIn;
    }

    long heldBackOutNanos() {
        return heldBackOut;
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
