// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Sockets;
import io.portunus.model.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What every session has that a rule was found for: ADMIT before anything else, the end of its time, and CLOSE. Confined to its loop. */
abstract class AdmittedSession implements DatagramSession {
    /** Batches of answers in a row; then the other sockets of the loop have their turn. */
    static final int MAX_BATCHES = 4;
    /** After so long an error would have come back from the target; what it was sent is kept no longer. */
    static final Duration PROOF = Duration.ofSeconds(1);
    private static final byte[] NO_HEADER = new byte[0];
    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");

    private final Route route;
    private final Batches batches;
    private final LongSupplier nanos;
    private @Nullable DatagramFlow flow;
    private @Nullable Relay relay;
    private boolean over;

    /**
     * Prepares one.
     *
     * @param batches of its loop
     */
    AdmittedSession(Route route, Batches batches, LongSupplier nanos) {
        this.route = route;
        this.batches = batches;
        this.nanos = nanos;
    }

    /**
     * One that goes as the rule has it.
     *
     * @param listener whose routes led to the rule
     * @param prelude what they went by
     */
    static AdmittedSession of(Route route, DatagramListener listener, Prelude prelude, Batches batches, LongSupplier nanos) {
        return switch (route.rule().datagrams().mode()) {
            case SESSION, RESPONSES -> new UdpSession(route, batches, nanos);
            case DATAGRAM -> new UdpScatter(new RouteInForce(route, listener, prelude), batches, nanos);
        };
    }

    /** Begins with the first datagrams. */
    final void start(DatagramFlow its, DatagramBatch from, int first, int end) {
        if (admitted(its)) {
            received(from, first, end);
            connect();
        }
    }

    /** Begins with what has waited, and was kept by the flow, until its rule was known. */
    final void start(DatagramFlow its, WaitingDatagrams early) {
        if (admitted(its)) {
            relay().arrived(early.bytes());
            resume(early);
            connect();
        }
    }

    // ADMIT: every policy that is there, or none of them holds anything.

    private boolean admitted(DatagramFlow its) {
        flow = its;
        its.onEnd(this::close);
        its.routed(route);
        Optional<CloseReason> refused = its.admit();
        if (refused.isPresent()) {
            close(refused.get());
            return false;
        }
        relay = new Relay(its, batches, nanos, route.rule().datagrams());
        its.after(idle(), this::look);
        Duration lifetime = route.rule().timeouts().lifetime();
        if (lifetime.isPositive()) {
            its.after(lifetime, () -> close(CloseReason.MAX_LIFETIME));
        }
        return true;
    }

    private Duration idle() {
        return route.rule().datagrams().idle();
    }

    /** Looks whether it was silent for too long; what comes in between costs no timer. */
    private void look() {
        long silent = nanos() - relay().lastNanos();
        long left = idle().toNanos() - silent;
        if (left <= 0) {
            close(CloseReason.IDLE_TIMEOUT);
        } else {
            flow().after(Duration.ofNanos(left), this::look);
        }
    }

    // CONNECT and RELAY are those of each kind of session.

    /** Takes what has waited. */
    abstract void resume(WaitingDatagrams early);

    /** The first datagrams are here. */
    abstract void connect();

    /** The client has sent: entries that came whole. */
    abstract void came(DatagramBatch from, int first, int end);

    @Override
    public final void received(DatagramBatch from, int first, int end) {
        relay().arrived(Relay.bytes(from, first, end));
        int begin = first;
        for (int entry = first; entry < end && !over; entry++) {
            if (from.truncated(entry)) {
                relayIn(from, begin, entry);
                relay().drop(DatagramDrop.TRUNCATED, 1);
                begin = entry + 1;
            }
        }
        relayIn(from, begin, end);
    }

    private void relayIn(DatagramBatch from, int first, int end) {
        if (!over && first < end) {
            came(from, first, end);
        }
    }

    /** A socket of its own for an endpoint; connected, so that nobody but the target is heard, and an ICMP error of its way is learnt. */
    final DatagramSpec spec(InetSocketAddress endpoint) {
        Sockets sockets = route.rule().sockets();
        InetAddress from = sockets.source().filter(source -> source instanceof Inet6Address == endpoint.getAddress() instanceof Inet6Address)
            .orElse(endpoint.getAddress() instanceof Inet6Address ? ANY_IPV6 : ANY_IPV4);
        return new DatagramSpec(new InetSocketAddress(from, 0), Optional.of(endpoint), sockets.upstream(), true, false);
    }

    /** What stands before each datagram to a target; nothing mostly, and empty when nobody writes what it requires. */
    final Optional<byte[]> header(Target target) {
        return target.proxy().isEmpty() ? Optional.of(NO_HEADER) : flow().header(UpstreamHeader.PROXY, target);
    }

    static Failure failure(ListenFailure.Cause cause) {
        return switch (cause) {
            case NO_DESCRIPTOR, NOT_HERE, NOT_PERMITTED, IN_USE -> Failure.LOCAL;
            case OTHER -> Failure.UNREACHABLE;
        };
    }

    // CLOSE: in one place, once.

    final void close(CloseReason reason) {
        if (!over) {
            over = true;
            letGo();
            flow().closed(reason);
        }
    }

    /** Gives back what it holds. */
    abstract void letGo();

    final boolean over() {
        return over;
    }

    final Route route() {
        return route;
    }

    final DatagramBatch batch() {
        return batches.plain();
    }

    final long nanos() {
        return nanos.getAsLong();
    }

    final DatagramFlow flow() {
        return Objects.requireNonNull(flow, "it has started");
    }

    final Relay relay() {
        return Objects.requireNonNull(relay, "it is admitted");
    }
}
