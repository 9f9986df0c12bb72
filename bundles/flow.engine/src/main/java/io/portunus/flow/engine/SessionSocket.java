// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.model.Listener;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The socket that a listener of datagrams has on one loop, and the sessions that live there. It outlives every handler: each datagram goes to the
 * version that began its session, and what has no session to the one that serves. Confined to its loop.
 */
final class SessionSocket implements DatagramListener, DatagramEvents {
    /** Batches that are received in a row; then the other sockets of the loop have their turn. */
    private static final int MAX_BATCHES = 4;
    /** Bytes of an answer to who gets no session. */
    private static final int LONGEST_ANSWER = 1500;

    private final Engine engine;
    private final DatagramSockets owner;
    private final Provider carrier;
    private final DatagramPort port;
    private final DatagramBatch batch;
    private final SessionKey probe = new SessionKey();
    /** Made for the first client that is answered without a session. */
    private @Nullable DatagramBatch answers;
    /** Bounded by what rules, and the node, may have of sessions. */
    private final Map<SessionKey, SessionFlow> sessions = new HashMap<>();
    private final Fronts fronts = new Fronts();
    /** What stood before the datagram that the handler is given just now; null where nothing has to. */
    private @Nullable Front arriving;
    /** Of the rules whose sessions give way to others; as many as the listener has had. */
    private final Map<RuleCounters, IdleSessions> idle = new HashMap<>();

    SessionSocket(Engine engine, DatagramSockets owner, Provider carrier, DatagramPort port) {
        this.engine = engine;
        this.owner = owner;
        this.carrier = carrier;
        this.port = port;
        this.batch = engine.datagrams().batch(port.loop());
    }

    /** Begins to receive. */
    void open() {
        port.events(this);
        port.interest(true, false);
    }

    @Override
    public void readable(DatagramPort itself) {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int count = port.receive(batch);
            if (count <= 0) {
                return;
            }
            dispatch(count);
            if (count < batch.capacity()) {
                return;
            }
        }
    }

    /** Nobody waits for room: a reply that finds none is dropped. */
    @Override
    public void writable(DatagramPort itself) {
        port.interest(true, false);
    }

    /** What one client sent in a row is given on at once. */
    private void dispatch(int count) {
        int first = 0;
        while (first < count) {
            SessionKey key = probe.of(batch, first);
            int end = first + 1;
            while (end < count && key.is(batch, end)) {
                end++;
            }
            first = give(key, first, end);
        }
    }

    /** Gives on what one socket sent, as much as is of one client; the entry behind it. A session keeps what it began with: a header or none. */
    private int give(SessionKey key, int first, int end) {
        Fronts.Known known = fronts.of(key, batch, first);
        if (known != null) {
            int next = known.strip(batch, first, end);
            known.flow().received(batch, first, next);
            return next;
        }
        SessionFlow session = sessions.get(key);
        if (session != null) {
            session.received(batch, first, end);
            return end;
        }
        Optional<ProxyTrust> trust = routes().proxyTrust();
        if (trust.isPresent() && trust.get().trusts(batch.peer(first).getAddress())) {
            filter(key, first);
            return first + 1;
        }
        arrived(first, end);
        return end;
    }

    // FILTER: only where somebody in front, who is trusted, has to declare who sent each datagram.

    private void filter(SessionKey sender, int entry) {
        Optional<Provider> filter = engine.provider(Post.PROXY_IN, owner.listener(), batch.peer(entry).getAddress());
        if (filter.isEmpty()) {
            refused(CloseReason.NO_HANDLER, 1);
            return;
        }
        switch (Front.read(filter.get(), batch, entry)) {
            case FilterVerdict.Header header -> behind(Front.of(sender, batch, entry, header), entry);
            case FilterVerdict.No no -> refused(no.reason(), 1);
            case FilterVerdict.More more -> throw new AssertionError("a datagram is all there is");
        }
    }

    /** What follows is of the client that is declared, for whoever looks at it. */
    private void behind(Front front, int entry) {
        batch.strip(entry, front.header().limit());
        SessionFlow session = sessions.get(front.key());
        if (session != null) {
            fronts.keep(front, session);
            session.received(batch, entry, entry + 1);
            return;
        }
        batch.peer(entry, front.client());
        arriving = front;
        try {
            arrived(entry, entry + 1);
        } finally {
            arriving = null;
        }
    }

    private void arrived(int first, int end) {
        EngineListener listener = owner.listener();
        InetAddress client = batch.peer(first).getAddress();
        Optional<Provider> handler = owner.closing() ? Optional.empty()
            : engine.provider(Post.handler(listener.key().protocol()), listener, client);
        if (handler.isEmpty()) {
            refused(owner.closing() ? CloseReason.DRAINED : CloseReason.NO_HANDLER, end - first);
            return;
        }
        try {
            handler.get().as(DatagramHandler.class).arrived(batch, first, end, this);
        } catch (Throwable lastResort) {
            handler.get().fault(lastResort);
            refused(CloseReason.INTERNAL_ERROR, end - first);
        }
    }

    // What the handler asks for.

    @Override
    public EventLoop loop() {
        return port.loop();
    }

    @Override
    public Listener routes() {
        return owner.listener().routes();
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch from, int entry, Route route, DatagramSession session) {
        SessionCounts.Place place = new SessionCounts.Place(route.rule().datagrams().caps(), Pending.key(from.peer(entry).getAddress()));
        RuleCounters ofRule = engine.counters(route.rule());
        if (!room(ofRule, place)) {
            return Optional.empty();
        }
        SessionFlow flow = flow(from, entry, session);
        flow.among(ofRule, place);
        return flow.admitted(routes()) ? Optional.of(flow) : Optional.empty();
    }

    /** Whether the rule may have one more session, which counts from then on. One may have to give way to it. */
    boolean room(RuleCounters ofRule, SessionCounts.Place place) {
        Optional<DatagramDrop> refused = ofRule.sessions.begins(place);
        if (place.caps().evicts() && refused.filter(DatagramDrop.OVERFLOW::equals).isPresent()) {
            Optional<SessionFlow> silent = Optional.ofNullable(idle.get(ofRule)).flatMap(IdleSessions::longestSilent);
            if (silent.isPresent()) {
                silent.get().end(CloseReason.EVICTED);
                refused = ofRule.sessions.begins(place);
            }
        }
        refused.ifPresent(why -> ofRule.dropped(why, 1));
        return refused.isEmpty();
    }

    /** The sessions of a rule here that may have to give way. */
    IdleSessions idle(RuleCounters ofRule) {
        return idle.computeIfAbsent(ofRule, its -> new IdleSessions());
    }

    @Override
    public Optional<DatagramFlow> begin(DatagramBatch from, int entry, DatagramSession session) {
        SessionFlow flow = flow(from, entry, session);
        routes().inspects().forEach(kind -> flow.reader(Post.inspector(Protocol.UDP, kind)));
        return flow.admitted(routes()) ? Optional.of(flow) : Optional.empty();
    }

    private SessionFlow flow(DatagramBatch from, int entry, DatagramSession session) {
        EngineListener listener = owner.listener();
        InetSocketAddress client = from.peer(entry);
        Front front = arriving;
        Addresses ends = new Addresses(front == null ? client : front.peer(), new InetSocketAddress(local(from, entry), port.local().getPort()));
        SessionKey key = front == null ? probe.of(from, entry).copy() : front.key();
        Arrival arrival = new Arrival(listener, carrier, loop(), engine.now(), engine.nanos());
        SessionFlow flow = engine.begin(arrival, engine.provider(Post.handler(listener.key().protocol()), listener, client.getAddress()),
            new SessionFlow.Place(this, key, ends, session));
        sessions.put(key, flow);
        owner.began();
        if (front != null) {
            flow.reader(Post.PROXY_IN);
            flow.declared(front.origin());
            fronts.keep(front, flow);
        }
        return flow;
    }

    private InetAddress local(DatagramBatch from, int entry) {
        return from.hasLocal(entry) ? from.local(entry) : port.local().getAddress();
    }

    @Override
    public void refused(CloseReason reason, int datagrams) {
        engine.counters().refused(reason, datagrams);
    }

    @Override
    public Optional<DatagramInspection> inspect(String kind, InetAddress client) {
        return engine.provider(Post.inspector(Protocol.UDP, kind), owner.listener(), client).flatMap(its -> {
            try {
                return Optional.of(new GuardedDatagramInspection(its.as(DatagramInspector.class).begin(), its::fault));
            } catch (Throwable lastResort) {
                its.fault(lastResort);
                return Optional.empty();
            }
        });
    }

    @Override
    public void answer(DatagramBatch to, int entry, byte[] bytes) {
        // No more than it has sent: its address may be somebody else's (RFC 9000 §8).
        if (bytes.length <= Math.min(to.length(entry), LONGEST_ANSWER)) {
            Front front = arriving;
            SessionKey key = front == null ? probe.of(to, entry) : front.key();
            DatagramBatch one = answers == null ? new DatagramBatch(1, LONGEST_ANSWER) : answers;
            answers = one;
            one.clear();
            key.address(one, one.add(ByteBuffer.wrap(bytes)));
            port.send(one, 0, 1);
        }
    }

    // What its sessions ask for.

    /** Sends to the client of a session. */
    int reply(SessionKey key, DatagramBatch from, int first, int end) {
        for (int entry = first; entry < end; entry++) {
            key.address(from, entry);
        }
        return port.send(from, first, end);
    }

    /** A session is over. */
    void ended(SessionKey key, SessionFlow flow) {
        @Nullable SessionFlow there = sessions.get(key);
        if (there == flow) {
            sessions.remove(key);
            if (key.fronted()) {
                fronts.forget(key.sender(), flow);
            }
            owner.ended();
        }
    }

    /** Closes it; sessions that are left have nobody to send to any more. */
    void close() {
        port.close();
    }
}
