// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.Transport;
import io.portunus.model.Listener;
import io.portunus.model.Route;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session of datagrams. Confined to its loop. */
final class SessionFlow extends ServedFlow implements DatagramFlow {
    /** Sockets that a session has at most, one for each target that it talks with at a time. */
    private static final int MAX_SOCKETS = 8;

    private final Place place;
    private final List<DatagramPort> sockets = new ArrayList<>(1);
    /** Counters of the rule among whose sessions it is; none as long as it is not known which that is. */
    private @Nullable RuleCounters ofRule;
    private SessionCounts.@Nullable Place counted;
    private IdleSessions.@Nullable Place silence;
    /** Searches that hold something; few, as a session has few sockets. */
    private final List<GuardedSelection> searches = new ArrayList<>(1);

    /**
     * Where a session is.
     *
     * @param socket the socket that its client sends to
     * @param key what it is known by there
     * @param ends its client, and the address that this asked
     * @param session what its handler has for it
     */
    record Place(SessionSocket socket, SessionKey key, Addresses ends, DatagramSession session) {
    }

    SessionFlow(long id, Optional<Provider> handler, Arrival arrival, Place place, Engine engine) {
        super(id, handler, arrival, engine);
        this.place = place;
    }

    /** Asks whether it may begin; if not it is over. */
    boolean admitted(Listener routes) {
        if (engine().noRoom(this)) {
            closed(CloseReason.MAX_CONNECTIONS);
            return false;
        }
        Optional<CloseReason> refused = accept(routes);
        refused.ifPresent(this::closed);
        return refused.isEmpty();
    }

    /** Is among the sessions of a rule from now on. */
    void among(RuleCounters its, SessionCounts.Place counts) {
        ofRule = its;
        counted = counts;
        if (counts.caps().evicts()) {
            silence = place.socket().idle(its).begins(this);
        }
    }

    @Override
    public boolean enter(Route route) {
        if (ended()) {
            return false;
        }
        RuleCounters its = engine().counters(route.rule());
        SessionCounts.Place counts = new SessionCounts.Place(route.rule().datagrams().caps(), Pending.key(client().getAddress()));
        if (!place.socket().room(its, counts)) {
            return false;
        }
        among(its, counts);
        return true;
    }

    /** Gives what its client sent to its handler. */
    void received(DatagramBatch batch, int first, int end) {
        if (ended()) {
            return;
        }
        if (silence != null) {
            silence.sent();
        }
        boolean mine = turn().begin(this);
        try {
            place.session().received(batch, first, end);
        } catch (Throwable lastResort) {
            threw(lastResort);
        } finally {
            if (mine) {
                turn().end();
            }
        }
    }

    @Override
    InetSocketAddress peer() {
        return place.ends().client();
    }

    @Override
    InetSocketAddress local() {
        return place.ends().local();
    }

    @Override
    void sever() {
        sockets.forEach(DatagramPort::close);
        sockets.clear();
    }

    @Override
    void release(CloseReason reason) {
        searches.forEach(GuardedSelection::release);
        super.release(reason);
        sever();
        place.socket().ended(place.key(), this);
        if (ofRule != null && counted != null) {
            ofRule.endsSession(reason, counted);
        }
        if (silence != null) {
            silence.ends();
        }
    }

    @Override
    public DatagramPort open(DatagramSpec spec) throws ListenException {
        if (ended() || sockets.size() == MAX_SOCKETS) {
            throw new ListenException(new ListenFailure(ListenFailure.Cause.OTHER, ended() ? "the session is over"
                : "the session has " + MAX_SOCKETS + " sockets, the most that it may have"));
        }
        DatagramPort socket = carrier().as(Transport.class).datagrams(loop(), spec)
            .orElseThrow(() -> new ListenException(DatagramSockets.NO_DATAGRAMS));
        sockets.add(socket);
        return new GuardedPort(socket, this, sockets::remove);
    }

    @Override
    public Optional<TargetSelection> select(Route route) {
        searches.removeIf(GuardedSelection::released);
        Optional<GuardedSelection> begun = searches.size() > MAX_SOCKETS ? Optional.empty() : search(route);
        begun.ifPresent(searches::add);
        return begun.map(its -> its);
    }

    @Override
    public int reply(DatagramBatch batch, int first, int end) {
        if (ended()) {
            return DatagramPort.CLOSED;
        }
        if (silence != null) {
            silence.answered();
        }
        return place.socket().reply(place.key(), batch, first, end);
    }

    @Override
    public void relayedIn(int datagrams, int bytes) {
        movedIn(bytes);
        course().datagramsIn(datagrams);
    }

    @Override
    public void relayedOut(int datagrams, int bytes) {
        movedOut(bytes);
        course().datagramsOut(datagrams);
    }

    /** How many went either way. Any thread, which may see an older number. */
    long datagrams() {
        return course().datagramsIn() + course().datagramsOut();
    }

    @Override
    public void dropped(DatagramDrop why, int datagrams) {
        RuleCounters its = ofRule;
        if (its != null) {
            its.dropped(why, datagrams);
        } else {
            place.socket().refused(CloseReason.BUFFERS_FULL, datagrams);
        }
    }
}
