// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ListenerView;
import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Transport;
import io.portunus.model.ListenKey;
import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import io.portunus.model.Rule;
import io.portunus.node.api.FaultAccount;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A listener of the table in force and its socket. Bound and closed under the engine's apply lock; {@link #routes()} may be read by any
 * thread.
 */
final class EngineListener {
    /** Connections the kernel holds while the loops are busy. */
    private static final int BACKLOG = 1024;

    final PeekCounters peeks = new PeekCounters();
    /** Bytes that its flows keep while they have no target. */
    final AtomicLong kept = new AtomicLong();
    private final ListenKey key;
    private final InstantSource clock;
    private final String text;
    /**
     * Those of its last flow; weak, so that no version of a bundle is kept by flows that it had. Volatile: each of its flows may replace it,
     * and one that finds another's only makes its own.
     */
    private volatile WeakReference<Carriers> carriers = new WeakReference<>(null);
    /** Volatile: I/O threads read it for each accepted connection, a publish replaces it. */
    private volatile InForce now;
    private volatile Optional<Provider> carrier = Optional.empty();
    private volatile Optional<BoundSocket> socket = Optional.empty();
    /** The sockets of a listener of datagrams. */
    private volatile Optional<DatagramSockets> datagrams = Optional.empty();
    private volatile Optional<Problem> problem = Optional.empty();
    /** Since when it is bound, or is not. */
    private volatile Instant since;

    /** The routes, and what follows from them. */
    private static final class InForce {
        final Listener routes;
        final List<Post> needs;
        /** Found when it is first asked for, as only pins and views do. Volatile: any thread may ask, and all find the same. */
        private volatile Optional<Set<String>> rules = Optional.empty();

        InForce(Listener routes) {
            this.routes = routes;
            this.needs = Post.neededBy(routes);
        }

        Set<String> rules() {
            Optional<Set<String>> known = rules;
            if (known.isEmpty()) {
                known = Optional.of(routes.rules().stream().map(Rule::name).collect(Collectors.toUnmodifiableSet()));
                rules = known;
            }
            return known.get();
        }
    }

    EngineListener(Listener routes, InstantSource clock) {
        this.key = routes.key();
        this.clock = clock;
        since = clock.instant();
        this.text = key.toString();
        now = new InForce(routes);
    }

    ListenKey key() {
        return key;
    }

    /** Its key as surfaces and records show it. */
    String text() {
        return text;
    }

    /** The carriers of a flow, named once for all flows in a row that have the same. */
    Carriers carriers(@Nullable Provider handler, @Nullable Provider selector, Provider itsCarrier, List<Provider> holders,
            List<Provider> readers) {
        Carriers last = carriers.get();
        if (last != null && last.are(handler, selector, itsCarrier, holders, readers)) {
            return last;
        }
        Carriers others = new Carriers(handler, selector, itsCarrier, holders, readers);
        carriers = new WeakReference<>(others);
        return others;
    }

    Listener routes() {
        return now.routes;
    }

    /** Names of the rules, for the pins. */
    Set<String> rules() {
        return now.rules();
    }

    void routes(Listener newer) {
        now = new InForce(newer);
    }

    /** What has to be there before a connection is served; as new as {@link #routes()}, or for a moment newer. */
    List<Post> needs() {
        return now.needs;
    }

    /** Descriptors that it has open. */
    int descriptors() {
        return datagrams.isPresent() ? datagrams.get().descriptors() : socket.map(bound -> Math.max(1, bound.descriptors().size())).orElse(0);
    }

    /** The transport that its rules name. */
    Optional<String> transport() {
        return now.routes.transport();
    }

    /**
     * Whether it is bound on a transport. Sessions share the sockets that their clients send to, and do not move: a listener of datagrams stays
     * on the version that it began with, as long as the transport is the one that is asked for.
     */
    boolean boundOn(Provider transport) {
        if (datagrams.isPresent()) {
            return datagrams.get().carrier().origin().post().equals(transport.origin().post());
        }
        return socket.isPresent() && carrier.filter(transport::equals).isPresent();
    }

    /** Binds, or moves to another transport: connections that were accepted live on where they are. */
    void bind(Provider transport, Engine engine) {
        boolean wasBound = socket.isPresent() || datagrams.isPresent();
        try {
            if (key.protocol() == Protocol.UDP) {
                bindDatagrams(transport, engine);
            } else {
                ListenSpec spec = new ListenSpec(address(), BACKLOG, now.routes.tuning(), socket, key.bind().isPresent());
                socket = Optional.of(transport.as(Transport.class).listen(spec, stream -> engine.accepted(stream, this, transport)));
            }
            carrier = Optional.of(transport);
            problem = Optional.empty();
            since = wasBound ? since : clock.instant();
        } catch (ListenException refused) {
            unbound(engine, BindProblems.of(key, refused.failure()));
        } catch (Throwable lastResort) {
            // A transport of another bundle: its defect costs its listeners and holds up no publish.
            transport.failed(lastResort);
            unbound(engine, BindProblems.of(key, new ListenFailure(ListenFailure.Cause.OTHER, "the transport "
                + transport.origin().post().kind() + " failed (" + FaultAccount.text(lastResort) + ")")));
        }
    }

    private void unbound(Engine engine, Problem why) {
        // The one that was to be taken over may have been closed before.
        close(engine);
        since = problem.isPresent() ? since : clock.instant();
        problem = Optional.of(why);
    }

    private InetSocketAddress address() {
        return key.bind().map(a -> new InetSocketAddress(a, key.port())).orElseGet(() -> new InetSocketAddress(key.port()));
    }

    private void bindDatagrams(Provider transport, Engine engine) throws ListenException {
        Optional<DatagramSockets> left = engine.datagrams().left(this).filter(its -> its.carrier().equals(transport));
        // Those of another transport cannot share the address with new ones.
        datagrams.ifPresent(DatagramSockets::closeSockets);
        DatagramSpec spec = new DatagramSpec(address(), Optional.empty(), now.routes.tuning(), key.bind().isPresent(), false);
        datagrams = Optional.of(left.isPresent() ? left.get() : DatagramSockets.open(engine, this, transport, spec));
    }

    /** Why it is not bound, if it is known. */
    Optional<Problem> problem() {
        return problem;
    }

    /** Takes nobody any more; sessions of datagrams keep their sockets to their end. */
    void close(Engine engine) {
        Optional<Provider> its = carrier;
        Optional<BoundSocket> open = socket;
        socket = Optional.empty();
        datagrams.ifPresent(sockets -> engine.datagrams().leaves(key, sockets));
        datagrams = Optional.empty();
        carrier = Optional.empty();
        try {
            open.ifPresent(BoundSocket::close);
        } catch (Throwable lastResort) {
            its.ifPresent(transport -> transport.failed(lastResort));
        }
    }

    ListenerView view() {
        return new ListenerView(key, rules().stream().sorted().toList(), carrier.map(p -> p.origin().post().kind()).orElse(""), problem,
            since);
    }
}
