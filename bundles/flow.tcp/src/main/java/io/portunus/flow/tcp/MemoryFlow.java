// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.PreludeFacts;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.ToldOrigin;
import io.portunus.flow.spi.UpstreamPrelude;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A flow's entry that writes down what it is told, and connects to targets in memory. Confined to one thread. */
final class MemoryFlow implements LiveFlow {
    /** What an endpoint does. */
    enum Manner {
        ANSWERS, REFUSES, HANGS
    }

    final List<CloseReason> closed = new ArrayList<>();
    final Map<String, Inspection> inspections = new HashMap<>();
    final Map<String, Filtering> filters = new HashMap<>();
    final Map<String, UpstreamPrelude> preludes = new HashMap<>();
    final MemorySelection selection = new MemorySelection();
    /** What endpoints do that are not in {@link #manners}. */
    Manner targets = Manner.ANSWERS;
    /** What the endpoints of a host do. */
    final Map<String, Manner> manners = new HashMap<>();
    /** Streams of a host; the others share one. */
    final Map<String, Stream> streams = new HashMap<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<InetSocketAddress> connected = new ArrayList<>();
    final List<Route> routes = new ArrayList<>();
    /** Why policies refuse it; empty when they do not. */
    Optional<CloseReason> refused = Optional.empty();
    Budget budgetIn = Budget.UNLIMITED;
    Budget budgetOut = Budget.UNLIMITED;
    boolean refusesPeeks;
    /** What it may keep at most before it has a target. */
    int room = Integer.MAX_VALUE;
    boolean maySpill = true;
    int kept;
    int spilled;
    boolean selects = true;
    int peeks;
    int cancelled;
    int dnsFailures;
    int connectFailures;
    long in;
    long out;
    private final Stream downstream;
    private final Stream target;
    private EndRequest end = reason -> { };
    private Optional<ToldOrigin> told = Optional.empty();
    private Prelude prelude = Prelude.NONE;

    MemoryFlow(Stream downstream, Stream target) {
        this.downstream = downstream;
        this.target = target;
    }

    /**
     * One call to connect.
     *
     * @param spec where and how
     * @param done who is told
     */
    record Attempt(ConnectSpec spec, ConnectListener done) {
    }

    void end(CloseReason reason) {
        end.end(reason);
    }

    /** The endpoint asked last, if any was, answers now. */
    void answer() {
        if (!attempts.isEmpty()) {
            answer(attempts.size() - 1);
        }
    }

    void answer(int attempt) {
        Attempt asked = attempts.get(attempt);
        asked.done().connected(streams.getOrDefault(host(asked.spec()), target));
    }

    void fail(int attempt, IOException cause) {
        attempts.get(attempt).done().failed(cause);
    }

    private static String host(ConnectSpec spec) {
        return spec.endpoint().getAddress().getHostAddress();
    }

    /** Addresses asked, in their order. */
    List<String> asked() {
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

    @Override
    public void routed(Route route) {
        routes.add(route);
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return Optional.ofNullable(filters.get(kind));
    }

    @Override
    public void told(ToldOrigin origin) {
        told = Optional.of(origin);
    }

    @Override
    public Addresses addresses() {
        return told.flatMap(ToldOrigin::addresses).orElse(new Addresses(downstream.peer(), downstream.local()));
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
        selection.begin(route.targets());
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
            case REFUSES -> done.failed(new ConnectException("Connection refused"));
            case HANGS -> { }
        }
        return () -> cancelled++;
    }

    @Override
    public void connected(Target reached, InetSocketAddress endpoint) {
        connected.add(endpoint);
    }

    @Override
    public Optional<byte[]> prelude(String kind, Target reached) {
        return Optional.ofNullable(preludes.get(kind)).map(its -> its.bytes(new PreludeFacts(id(), addresses(), told, prelude, reached)));
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
