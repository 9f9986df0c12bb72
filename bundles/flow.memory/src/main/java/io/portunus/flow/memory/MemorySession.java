// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A session's entry that records what it is given. As the engine does, it ends a session that throws. Confined to one thread. */
public final class MemorySession implements DatagramFlow {
    /** Reasons it was closed for; one, if all is well. */
    public final List<CloseReason> closed = new ArrayList<>();
    /** What was dropped. */
    public final Map<DatagramDrop, Integer> dropped = new EnumMap<>(DatagramDrop.class);
    /** Where targets come from; the first search, and mostly the only one. */
    public final MemorySelection selection = new MemorySelection();
    /** Every search, in their order; each next one begins one target further on. */
    public final List<MemorySelection> selections = new ArrayList<>();
    /** Endpoints that it stayed with. */
    public final List<InetSocketAddress> connected = new ArrayList<>();
    /** What its session, timers and steps threw. */
    public final List<Throwable> defects = new ArrayList<>();
    /** Who writes what comes before datagrams, by kind. */
    public final Map<String, UpstreamHeader> headers = new HashMap<>();
    /** Why policies refuse it; empty when they do not. */
    public Optional<CloseReason> refused = Optional.empty();
    /** What is granted from client to target. */
    public Budget budgetIn = Budget.UNLIMITED;
    /** What is granted from target to client. */
    public Budget budgetOut = Budget.UNLIMITED;
    /** Bytes it keeps before it has a target. */
    public int kept;
    /** What was seen of it. */
    public Prelude prelude = Prelude.NONE;
    /** Attempts that failed. */
    public int connectFailures;
    /** Datagrams from client to target. */
    public long in;
    /** Bytes of them. */
    public long bytesIn;
    /** Datagrams from target to client. */
    public long out;
    private final MemorySessions owner;
    private final InetSocketAddress client;
    private final DatagramSession session;
    private EndRequest end = reason -> { };

    MemorySession(MemorySessions owner, InetSocketAddress client, DatagramSession session) {
        this.owner = owner;
        this.client = client;
        this.session = session;
    }

    void received(DatagramBatch batch, int first, int last) {
        run(() -> session.received(batch, first, last));
    }

    /** The engine asks the session to end. */
    public void end(CloseReason reason) {
        end.end(reason);
    }

    @Override
    public DatagramPort open(DatagramSpec spec) throws ListenException {
        return owner.network().open(owner.memoryLoop(), spec);
    }

    @Override
    public int reply(DatagramBatch batch, int first, int last) {
        for (int entry = first; entry < last; entry++) {
            batch.peer(entry, client);
            batch.local(entry, owner.port().local().getAddress());
        }
        return owner.port().send(batch, first, last);
    }

    @Override
    public void relayedIn(int datagrams, int bytes) {
        in += datagrams;
        bytesIn += bytes;
    }

    @Override
    public void relayedOut(int datagrams, int bytes) {
        out += datagrams;
    }

    @Override
    public void dropped(DatagramDrop why, int datagrams) {
        dropped.merge(why, datagrams, Integer::sum);
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
        return owner.memoryLoop().after(delay, () -> run(step));
    }

    @Override
    public void declared(DeclaredOrigin origin) {
        throw new AssertionError("datagrams have no header");
    }

    @Override
    public Addresses addresses() {
        return new Addresses(client, owner.port().local());
    }

    @Override
    public void inspected(Prelude seen) {
        prelude = seen;
    }

    @Override
    public boolean enter(Route route) {
        return !owner.full;
    }

    @Override
    public void routed(Route route) {
        // The rule is known by the search.
    }

    @Override
    public void dnsFailed() {
        // Counted with the others by the selection.
    }

    @Override
    public void connectFailed() {
        connectFailures++;
    }

    @Override
    public void connected(Target target, InetSocketAddress endpoint) {
        connected.add(endpoint);
    }

    @Override
    public void movedIn(int bytes) {
        throw new AssertionError("datagrams are counted as such");
    }

    @Override
    public void movedOut(int bytes) {
        throw new AssertionError("datagrams are counted as such");
    }

    @Override
    public void closed(CloseReason reason) {
        closed.add(reason);
        selections.forEach(MemorySelection::release);
        owner.ended(this);
    }

    @Override
    public boolean beginPeek() {
        return true;
    }

    @Override
    public void endPeek() {
        // Places are not counted here.
    }

    @Override
    public boolean keep(int bytes) {
        kept = bytes;
        return true;
    }

    @Override
    public boolean maySpill() {
        return true;
    }

    @Override
    public void spilled(int more) {
        throw new AssertionError("datagrams do not wait");
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return Optional.empty();
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return Optional.empty();
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
        MemorySelection next = selections.isEmpty() ? selection : new MemorySelection();
        List<Target> turned = new ArrayList<>(route.targets());
        Collections.rotate(turned, -selections.size());
        next.names.putAll(selection.names);
        next.waits = selection.waits;
        next.begin(turned);
        selections.add(next);
        return Optional.of(next);
    }

    @Override
    public Optional<byte[]> header(String kind, Target reached) {
        return Optional.ofNullable(headers.get(kind))
            .map(its -> its.bytes(new HeaderFacts(id(), addresses(), Optional.empty(), prelude, reached, Protocol.UDP)));
    }
}
