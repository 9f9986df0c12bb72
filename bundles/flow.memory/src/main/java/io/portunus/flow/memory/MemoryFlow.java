// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectFailure;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.StreamLayer;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow's entry that records what it is given, and connects to targets in memory. As the engine does, it ends a flow whose timer or step
 * throws. Confined to one thread.
 */
public final class MemoryFlow implements StreamFlow {
    /** What an endpoint does. */
    public enum Manner {
        ANSWERS, REFUSES, HANGS
    }

    /** What its timers and steps threw. */
    public final List<Throwable> defects = new ArrayList<>();
    /** Who wraps its streams, by kind. */
    public final Map<String, StreamLayer> layers = new HashMap<>();
    /** Reasons it was closed for; one, if all is well. */
    public final List<CloseReason> closed = new ArrayList<>();
    /** Who reads what comes first, by kind. */
    public final Map<String, Inspection> inspections = new HashMap<>();
    /** Who reads a header in front, by kind. */
    public final Map<String, Filtering> filters = new HashMap<>();
    /** Who writes a header to targets, by kind. */
    public final Map<String, UpstreamHeader> headers = new HashMap<>();
    /** Where targets come from. */
    public final MemorySelection selection = new MemorySelection();
    /** What endpoints do that are not in {@link #manners}. */
    public Manner targets = Manner.ANSWERS;
    /** What the endpoints of a host do. */
    public final Map<String, Manner> manners = new HashMap<>();
    /** Streams of a host; the others share one. */
    public final Map<String, Stream> streams = new HashMap<>();
    /** Calls to connect, in their order. */
    public final List<Attempt> attempts = new ArrayList<>();
    /** Endpoints that it stayed with. */
    public final List<InetSocketAddress> connected = new ArrayList<>();
    /** Routes it was given. */
    public final List<Route> routes = new ArrayList<>();
    /** Why policies refuse it; empty when they do not. */
    public Optional<CloseReason> refused = Optional.empty();
    /** What is granted from client to target. */
    public Budget budgetIn = Budget.UNLIMITED;
    /** What is granted from target to client. */
    public Budget budgetOut = Budget.UNLIMITED;
    /** Whether there is no place for a prelude. */
    public boolean refusesPeeks;
    /** What it may keep at most before it has a target. */
    public int room = Integer.MAX_VALUE;
    /** Whether more than a read may wait. */
    public boolean maySpill = true;
    /** Bytes it keeps before it has a target. */
    public int kept;
    /** Bytes that wait beyond a read. */
    public int spilled;
    /** Whether somebody finds targets. */
    public boolean selects = true;
    /** Places for preludes that it has. */
    public int peeks;
    /** Attempts that were cancelled. */
    public int cancelled;
    /** Names that failed. */
    public int dnsFailures;
    /** Attempts that failed. */
    public int connectFailures;
    /** Bytes from client to target. */
    public long in;
    /** Bytes from target to client. */
    public long out;
    private final Stream downstream;
    private final Stream target;
    private EndRequest end = reason -> { };
    private Optional<DeclaredOrigin> declared = Optional.empty();
    private Prelude prelude = Prelude.NONE;

    /** An entry of a flow between a client and whatever answers. */
    public MemoryFlow(Stream downstream, Stream target) {
        this.downstream = downstream;
        this.target = target;
    }

    /**
     * One call to connect.
     *
     * @param spec where and how
     * @param done who is called
     */
    public record Attempt(ConnectSpec spec, ConnectListener done) {
    }

    /** The engine asks the flow to end. */
    public void end(CloseReason reason) {
        end.end(reason);
    }

    /** The endpoint asked last, if any was, answers now. */
    public void answer() {
        if (!attempts.isEmpty()) {
            answer(attempts.size() - 1);
        }
    }

    /** The endpoint of an attempt answers now. */
    public void answer(int attempt) {
        Attempt asked = attempts.get(attempt);
        asked.done().connected(streams.getOrDefault(host(asked.spec()), target));
    }

    /** The endpoint of an attempt fails now. */
    public void fail(int attempt, ConnectFailure.Cause cause) {
        attempts.get(attempt).done().failed(new ConnectFailure(cause, "in memory"));
    }

    private static String host(ConnectSpec spec) {
        return spec.endpoint().getAddress().getHostAddress();
    }

    /** Addresses asked, in their order. */
    public List<String> asked() {
        return attempts.stream().map(attempt -> host(attempt.spec())).toList();
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public void onEnd(EndRequest request) {
        end = request;
    }

    @Override
    public void run(Runnable step) {
        if (!closed.isEmpty()) {
            return;
        }
        try {
            step.run();
        } catch (Throwable lastResort) {
            defects.add(lastResort);
            end.end(CloseReason.INTERNAL_ERROR);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable step) {
        return downstream.loop().after(delay, () -> run(step));
    }

    @Override
    public boolean beginPeek() {
        peeks += refusesPeeks ? 0 : 1;
        return !refusesPeeks;
    }

    @Override
    public boolean keep(int bytes) {
        kept = bytes;
        return bytes <= room;
    }

    @Override
    public boolean maySpill() {
        return maySpill;
    }

    @Override
    public void spilled(int more) {
        spilled += more;
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return Optional.ofNullable(inspections.get(kind));
    }

    @Override
    public void endPeek() {
        peeks--;
    }

    @Override
    public void inspected(Prelude seen) {
        prelude = seen;
    }

    /** What was seen of the prelude. */
    Prelude seen() {
        return prelude;
    }

    @Override
    public void routed(Route route) {
        routes.add(route);
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return Optional.ofNullable(filters.get(kind));
    }

    @Override
    public void declared(DeclaredOrigin origin) {
        declared = Optional.of(origin);
    }

    @Override
    public Addresses addresses() {
        return declared.flatMap(DeclaredOrigin::addresses).orElse(new Addresses(downstream.peer(), downstream.local()));
    }

    @Override
    public Optional<CloseReason> admit() {
        return refused;
    }

    @Override
    public Budget budgetIn() {
        return budgetIn;
    }

    @Override
    public Budget budgetOut() {
        return budgetOut;
    }

    @Override
    public Optional<TargetSelection> select(Route route) {
        if (selects) {
            selection.begin(route.targets());
        }
        return selects ? Optional.of(selection) : Optional.empty();
    }

    @Override
    public void dnsFailed() {
        dnsFailures++;
    }

    @Override
    public void connectFailed() {
        connectFailures++;
    }

    @Override
    public Cancellable connect(ConnectSpec spec, ConnectListener done) {
        attempts.add(new Attempt(spec, done));
        switch (manners.getOrDefault(host(spec), targets)) {
            case ANSWERS -> answer();
            case REFUSES -> done.failed(ConnectFailure.REFUSED);
            case HANGS -> { }
        }
        return () -> cancelled++;
    }

    @Override
    public Optional<Cancellable> secure(LayerRequest request, SecureListener done) {
        return Optional.ofNullable(layers.get(request.kind())).map(layer -> new MemoryLayering(this, request, done).begin(layer));
    }

    @Override
    public void connected(Target reached, InetSocketAddress endpoint) {
        connected.add(endpoint);
    }

    @Override
    public Optional<byte[]> header(String kind, Target reached) {
        return Optional.ofNullable(headers.get(kind))
            .map(its -> its.bytes(new HeaderFacts(id(), addresses(), declared, prelude, reached, Protocol.TCP)));
    }

    @Override
    public void movedIn(int bytes) {
        in += bytes;
    }

    @Override
    public void movedOut(int bytes) {
        out += bytes;
    }

    @Override
    public void closed(CloseReason reason) {
        closed.add(reason);
    }
}
