// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.DatagramSpec;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.ListenFailure;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.Route;
import io.portunus.model.Sockets;
import io.portunus.model.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One session, stage by stage: ADMIT, CONNECT, RELAY, CLOSE; a PEEK before them, where one is needed, is {@link UdpPeek}. The target's socket is
 * connected, so that nobody but the target is heard, and an ICMP error of its way is learnt. A target that has never answered is left for the next
 * one then, which gets what this one did not; with one that has the session is over, and the client's next datagram begins another. Confined to its
 * loop.
 */
final class UdpSession implements DatagramSession, DatagramEvents, TargetSelection.Answer {
    /** Batches of answers in a row; then the other sockets of the loop have their turn. */
    private static final int MAX_BATCHES = 4;
    /** After so long an error would have come back from the target; what it was sent is kept no longer. */
    private static final Duration PROOF = Duration.ofSeconds(1);
    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");
    private static final Cancellable NOTHING = () -> { };

    private final Route route;
    private final DatagramBatch batch;
    private final LongSupplier nanos;
    private @Nullable DatagramFlow flow;
    /** What a target is still to get, or may not have got; nothing once that is known. */
    private @Nullable WaitingDatagrams waiting = new WaitingDatagrams();
    private @Nullable TargetSelection selection;
    private @Nullable DatagramPort target;
    private @Nullable Allowance in;
    private @Nullable Allowance out;
    private @Nullable InetSocketAddress unproven;
    private long openedNanos;
    private long lastNanos;
    private Cancellable underWay = NOTHING;
    private boolean over;

    /**
     * Prepares one.
     *
     * @param batch for what it sends and receives while it is called, and never longer
     */
    UdpSession(Route route, DatagramBatch batch, LongSupplier nanos) {
        this.route = route;
        this.batch = batch;
        this.nanos = nanos;
    }

    // ADMIT: every policy that is there, or none of them holds anything.

    /** Begins with the first datagrams. */
    void start(DatagramFlow its, DatagramBatch from, int first, int end) {
        if (admitted(its)) {
            received(from, first, end);
            connect();
        }
    }

    /** Begins with what has waited, and was kept by the flow, until its rule was known. */
    void start(DatagramFlow its, WaitingDatagrams early) {
        waiting = early;
        if (admitted(its)) {
            connect();
        }
    }

    private boolean admitted(DatagramFlow its) {
        flow = its;
        its.onEnd(this::close);
        its.routed(route);
        Optional<CloseReason> refused = its.admit();
        if (refused.isPresent()) {
            close(refused.get());
            return false;
        }
        in = new Allowance(its.budgetIn());
        out = new Allowance(its.budgetOut());
        lastNanos = nanos.getAsLong();
        its.after(idle(), this::look);
        Duration lifetime = route.rule().timeouts().lifetime();
        if (lifetime.isPositive()) {
            its.after(lifetime, () -> close(CloseReason.MAX_LIFETIME));
        }
        return true;
    }

    private void connect() {
        Optional<TargetSelection> begun = over ? Optional.empty() : flow().select(route);
        if (begun.isEmpty()) {
            close(CloseReason.NO_HANDLER);
            return;
        }
        selection = begun.get();
        next();
    }

    private Duration idle() {
        return route.rule().datagrams().idle();
    }

    /** Looks whether it was silent for too long; what comes in between costs no timer. */
    private void look() {
        long silent = nanos.getAsLong() - lastNanos;
        long left = idle().toNanos() - silent;
        if (left <= 0) {
            close(CloseReason.IDLE_TIMEOUT);
        } else {
            flow().after(Duration.ofNanos(left), this::look);
        }
    }

    private DatagramFlow flow() {
        return Objects.requireNonNull(flow, "it has started");
    }

    // CONNECT: one target after the other, until a socket is open; UDP asks nobody whether anyone is there.

    private void next() {
        underWay = Objects.requireNonNull(selection, "it is admitted").next(this);
    }

    @Override
    public void found(Target found, List<InetSocketAddress> endpoints) {
        if (over) {
            return;
        }
        Failure why = Failure.UNREACHABLE;
        for (InetSocketAddress endpoint : endpoints) {
            try {
                opened(found, endpoint, flow().open(spec(endpoint)));
                return;
            } catch (ListenException refused) {
                flow().connectFailed();
                why = failure(refused.failure().cause());
            }
        }
        Objects.requireNonNull(selection, "it asked").failed(why);
        next();
    }

    private DatagramSpec spec(InetSocketAddress endpoint) {
        Sockets sockets = route.rule().sockets();
        InetAddress from = sockets.source().filter(source -> source instanceof Inet6Address == endpoint.getAddress() instanceof Inet6Address)
            .orElse(endpoint.getAddress() instanceof Inet6Address ? ANY_IPV6 : ANY_IPV4);
        return new DatagramSpec(new InetSocketAddress(from, 0), Optional.of(endpoint), sockets.upstream(), true, false);
    }

    private static Failure failure(ListenFailure.Cause cause) {
        return switch (cause) {
            case NO_DESCRIPTOR, NOT_HERE, NOT_PERMITTED, IN_USE -> Failure.LOCAL;
            case OTHER -> Failure.UNREACHABLE;
        };
    }

    @Override
    public void none(CloseReason reason) {
        if (!over) {
            if (reason.equals(CloseReason.DNS_FAILED)) {
                flow().dnsFailed();
            }
            close(reason);
        }
    }

    private void opened(Target found, InetSocketAddress endpoint, DatagramPort socket) {
        target = socket;
        unproven = endpoint;
        openedNanos = nanos.getAsLong();
        flow().connected(found, endpoint);
        socket.events(this);
        socket.interest(true, false);
        WaitingDatagrams first = waiting;
        for (int sent = 0; first != null && !over && target == socket && sent < first.count(); sent += batch.count()) {
            first.copy(sent, batch);
            toTarget(socket, batch, 0, batch.count());
        }
        if (!over && target == socket) {
            flow().after(PROOF, () -> forget(socket));
        }
    }

    /** The target has answered, or no error came back: what was sent is its own. */
    private void forget(DatagramPort socket) {
        if (target == socket && waiting != null) {
            waiting = null;
            flow().keep(0);
        }
    }

    // RELAY: what does not fit is dropped and counted; nothing waits.

    @Override
    public void received(DatagramBatch from, int first, int end) {
        lastNanos = nanos.getAsLong();
        DatagramPort socket = target;
        int begin = first;
        for (int entry = first; entry < end && !over; entry++) {
            if (from.truncated(entry)) {
                relayIn(socket, from, begin, entry);
                flow().dropped(DatagramDrop.TRUNCATED, 1);
                begin = entry + 1;
            }
        }
        relayIn(socket, from, begin, end);
    }

    private void relayIn(@Nullable DatagramPort socket, DatagramBatch from, int first, int end) {
        if (over || first == end) {
            return;
        }
        WaitingDatagrams early = waiting;
        if (early != null) {
            keep(early, socket == null, from, first, end);
        }
        if (socket != null && !over) {
            toTarget(socket, from, first, end);
        }
    }

    private void keep(WaitingDatagrams early, boolean unsent, DatagramBatch from, int first, int end) {
        int dropped = 0;
        for (int entry = first; entry < end; entry++) {
            dropped += early.add(from, entry) ? 0 : 1;
        }
        drop(DatagramDrop.PENDING, unsent ? dropped : 0);
        if (!flow().keep(early.bytes())) {
            close(CloseReason.BUFFERS_FULL);
        }
    }

    private void toTarget(DatagramPort socket, DatagramBatch from, int first, int end) {
        int granted = Objects.requireNonNull(in, "it is admitted").upTo(from, first, end);
        drop(DatagramDrop.LIMIT_IN, end - granted);
        int next = first;
        int sent = 1;
        while (next < granted && sent > 0) {
            sent = socket.send(from, next, granted);
            next += Math.max(sent, 0);
        }
        drop(DatagramDrop.NO_ROOM_IN, sent == 0 ? granted - next : 0);
        if (next > first) {
            flow().relayedIn(next - first, bytes(from, first, next));
        }
        faults(socket);
    }

    @Override
    public void readable(DatagramPort socket) {
        for (int i = 0; i < MAX_BATCHES && target != null; i++) {
            int count = socket.receive(batch);
            if (count > 0) {
                toClient(count);
            }
            if (count < batch.capacity()) {
                break;
            }
        }
        if (target != null) {
            faults(socket);
        }
    }

    /** Nothing waits for room. */
    @Override
    public void writable(DatagramPort socket) {
        socket.interest(true, false);
    }

    private void toClient(int count) {
        lastNanos = nanos.getAsLong();
        proven();
        int first = 0;
        for (int entry = 0; entry < count && !over; entry++) {
            if (batch.truncated(entry)) {
                reply(first, entry);
                drop(DatagramDrop.TRUNCATED, 1);
                first = entry + 1;
            }
        }
        reply(first, count);
    }

    private void reply(int first, int end) {
        if (over || first == end) {
            return;
        }
        int granted = Objects.requireNonNull(out, "it is admitted").upTo(batch, first, end);
        drop(DatagramDrop.LIMIT_OUT, end - granted);
        int next = first;
        int sent = 1;
        while (next < granted && sent > 0) {
            sent = flow().reply(batch, next, granted);
            next += Math.max(sent, 0);
        }
        drop(DatagramDrop.NO_ROOM_OUT, sent == 0 ? granted - next : 0);
        if (next > first) {
            flow().relayedOut(next - first, bytes(batch, first, next));
        }
    }

    private void drop(DatagramDrop why, int count) {
        if (count > 0) {
            flow().dropped(why, count);
        }
    }

    private static int bytes(DatagramBatch from, int first, int end) {
        int bytes = 0;
        for (int entry = first; entry < end; entry++) {
            bytes += from.length(entry);
        }
        return bytes;
    }

    /** The target has answered: only now it is known to be there. */
    private void proven() {
        InetSocketAddress endpoint = unproven;
        if (endpoint != null) {
            unproven = null;
            forget(Objects.requireNonNull(target, "it is open"));
            Objects.requireNonNull(selection, "it is open").connected(endpoint, Duration.ofNanos(lastNanos - openedNanos));
        }
    }

    private void faults(DatagramPort socket) {
        for (Optional<DatagramFault> fault = socket.fault(); fault.isPresent() && target == socket; fault = socket.fault()) {
            switch (fault.get()) {
                case TOO_LONG -> flow().dropped(DatagramDrop.TOO_LONG, 1);
                case REFUSED -> unreachable(socket, Failure.REFUSED);
                case UNREACHABLE -> unreachable(socket, Failure.UNREACHABLE);
                case OTHER -> { }
            }
        }
    }

    private void unreachable(DatagramPort socket, Failure why) {
        flow().connectFailed();
        if (unproven == null) {
            close(why.reason());
            return;
        }
        unproven = null;
        target = null;
        socket.close();
        if (waiting == null) {
            waiting = new WaitingDatagrams();
        }
        Objects.requireNonNull(selection, "it is open").failed(why);
        next();
    }

    // CLOSE: in one place, once.

    private void close(CloseReason reason) {
        if (over) {
            return;
        }
        over = true;
        waiting = null;
        underWay.cancel();
        DatagramPort socket = target;
        target = null;
        if (socket != null) {
            socket.close();
        }
        flow().closed(reason);
    }
}
