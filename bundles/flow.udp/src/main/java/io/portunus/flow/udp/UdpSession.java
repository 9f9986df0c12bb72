// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.DatagramDrop;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramEvents;
import io.portunus.flow.spi.DatagramFault;
import io.portunus.flow.spi.DatagramPort;
import io.portunus.flow.spi.ListenException;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.flow.spi.TargetSelection.Failure;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One session, stage by stage: ADMIT, CONNECT, RELAY, CLOSE; a PEEK before them, where one is needed, is {@link UdpPeek}. A target that has never
 * answered is left for the next one when an error comes of its way, which gets what this one did not; with one that has the session is over, and the
 * client's next datagram begins another. Confined to its loop.
 */
final class UdpSession extends AdmittedSession implements DatagramEvents, TargetSelection.Answer {
    private static final Cancellable NOTHING = () -> { };

    /** What a target is still to get, or may not have got; nothing once that is known. */
    private @Nullable WaitingDatagrams waiting = new WaitingDatagrams();
    private @Nullable TargetSelection selection;
    private @Nullable DatagramPort target;
    private byte[] header = {};
    private @Nullable InetSocketAddress unproven;
    private long openedNanos;
    private Cancellable underWay = NOTHING;

    /** Prepares one. */
    UdpSession(Route route, Batches batches, LongSupplier nanos) {
        super(route, batches, nanos);
    }

    @Override
    void resume(WaitingDatagrams early) {
        waiting = early;
    }

    // CONNECT: one target after the other, until a socket is open; UDP asks nobody whether anyone is there.

    @Override
    void connect() {
        Optional<TargetSelection> begun = over() ? Optional.empty() : flow().select(route());
        if (begun.isEmpty()) {
            close(CloseReason.NO_HANDLER);
            return;
        }
        selection = begun.get();
        next();
    }

    private void next() {
        underWay = Objects.requireNonNull(selection, "it is admitted").next(this);
    }

    @Override
    public void found(Target found, List<InetSocketAddress> endpoints) {
        if (over()) {
            return;
        }
        TargetSelection its = Objects.requireNonNull(selection, "it asked");
        Optional<byte[]> required = header(found);
        if (required.isEmpty()) {
            // A target that requires a header would take the client's bytes for one.
            flow().connectFailed();
            its.failed(Failure.HEADER);
            next();
            return;
        }
        header = required.get();
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
        its.failed(why);
        next();
    }

    @Override
    public void none(CloseReason reason) {
        if (!over()) {
            if (reason.equals(CloseReason.DNS_FAILED)) {
                flow().dnsFailed();
            }
            close(reason);
        }
    }

    private void opened(Target found, InetSocketAddress endpoint, DatagramPort socket) {
        target = socket;
        unproven = endpoint;
        openedNanos = nanos();
        flow().connected(found, endpoint);
        socket.events(this);
        socket.interest(true, false);
        WaitingDatagrams first = waiting;
        for (int sent = 0; first != null && !over() && target == socket && sent < first.count(); sent += batch().count()) {
            first.copy(sent, batch());
            toTarget(socket, batch(), 0, batch().count());
        }
        if (!over() && target == socket) {
            flow().after(PROOF, () -> forget(socket));
            route().rule().targets().health().silence().ifPresent(silence -> flow().after(silence.after(), () -> unanswered(socket)));
        }
    }

    /** The target has answered, or no error came back: what was sent is its own. */
    private void forget(DatagramPort socket) {
        if (target == socket && waiting != null) {
            waiting = null;
            flow().keep(0);
        }
    }

    private void unanswered(DatagramPort socket) {
        if (target == socket && unproven != null) {
            Objects.requireNonNull(selection, "it is open").unanswered();
        }
    }

    // RELAY: what does not fit is dropped and counted; nothing waits.

    @Override
    void came(DatagramBatch from, int first, int end) {
        DatagramPort socket = target;
        WaitingDatagrams early = waiting;
        if (early != null) {
            keep(early, socket == null, from, first, end);
        }
        if (socket != null && !over()) {
            toTarget(socket, from, first, end);
        }
    }

    private void keep(WaitingDatagrams early, boolean unsent, DatagramBatch from, int first, int end) {
        int dropped = early.add(from, first, end);
        relay().drop(DatagramDrop.PENDING, unsent ? dropped : 0);
        if (!flow().keep(early.bytes())) {
            close(CloseReason.BUFFERS_FULL);
        }
    }

    private void toTarget(DatagramPort socket, DatagramBatch from, int first, int end) {
        relay().toTarget(socket, header, from, first, end);
        faults(socket);
    }

    @Override
    public void readable(DatagramPort socket) {
        for (int i = 0; i < MAX_BATCHES && target != null; i++) {
            int count = socket.receive(batch());
            if (count > 0) {
                proven();
                relay().toClient(count);
            }
            if (count < batch().capacity()) {
                break;
            }
        }
        if (target != null) {
            faults(socket);
        }
        if (target != null && unproven == null && relay().answered()) {
            close(CloseReason.ANSWERED);
        }
    }

    /** Nothing waits for room. */
    @Override
    public void writable(DatagramPort socket) {
        socket.interest(true, false);
    }

    /** The target has answered: only now it is known to be there. */
    private void proven() {
        InetSocketAddress endpoint = unproven;
        if (endpoint != null) {
            unproven = null;
            forget(Objects.requireNonNull(target, "it is open"));
            Objects.requireNonNull(selection, "it is open").connected(endpoint, Duration.ofNanos(nanos() - openedNanos));
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
        TargetSelection its = Objects.requireNonNull(selection, "it is open");
        if (unproven == null) {
            its.failed(why);
            close(why.reason());
            return;
        }
        unproven = null;
        target = null;
        socket.close();
        relay().lost();
        if (waiting == null) {
            waiting = new WaitingDatagrams();
        }
        its.failed(why);
        next();
    }

    @Override
    void letGo() {
        waiting = null;
        underWay.cancel();
        DatagramPort socket = target;
        target = null;
        if (socket != null) {
            socket.close();
        }
    }
}
