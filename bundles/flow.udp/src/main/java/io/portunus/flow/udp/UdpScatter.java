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
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session whose datagrams are each given a target of their own, in the order in which they came; ADMIT and CLOSE as of every session. They need not
 * be answered; what targets answer goes to the client all the same. It keeps a socket for each target that it has sent to, {@value #MAX_WAYS} of them
 * at most. No copy is kept of what was sent: what went to a target that turns out to be gone is lost, as it is without anybody between. Confined to
 * its loop.
 */
final class UdpScatter extends AdmittedSession implements TargetSelection.Answer {
    /** The engine gives a session as many sockets. */
    private static final int MAX_WAYS = 8;
    private static final Cancellable NOTHING = () -> { };

    private final RouteInForce route;
    /** Those that wait while a name is looked up; the first of them is the one that it is looked up for. */
    private final WaitingDatagrams waiting = new WaitingDatagrams();
    private final List<Way> ways = new ArrayList<>(2);
    private @Nullable TargetSelection asked;
    private Cancellable underWay = NOTHING;
    /** The datagram that a target is asked for, while that is answered at once. */
    private @Nullable DatagramBatch at;
    private int entry;
    /** Whether it asks just now: what is answered at once is gone on with from there, and does not pile up on the stack. */
    private boolean asking;

    /** Prepares one. */
    UdpScatter(RouteInForce route, Batches batches, LongSupplier nanos) {
        super(route.last(), batches, nanos);
        this.route = route;
    }

    /** A socket that is connected to a target. Confined to the loop. */
    private final class Way implements DatagramEvents {
        private final DatagramPort socket;
        private final InetSocketAddress endpoint;
        private final TargetSelection selection;
        private final byte[] header;
        private final long openedNanos = nanos();
        private boolean proven;

        Way(DatagramPort socket, InetSocketAddress endpoint, TargetSelection selection, byte[] header) {
            this.socket = socket;
            this.endpoint = endpoint;
            this.selection = selection;
            this.header = header;
        }

        /** It has answered, or no error has come back: it is there. */
        void prove() {
            if (!proven && ways.contains(this)) {
                proven = true;
                selection.connected(endpoint, Duration.ofNanos(nanos() - openedNanos));
            }
        }

        @Override
        public void readable(DatagramPort itself) {
            for (int i = 0; i < MAX_BATCHES && !over(); i++) {
                int count = socket.receive(batch());
                if (count > 0) {
                    prove();
                    relay().toClient(count);
                }
                if (count < batch().capacity()) {
                    break;
                }
            }
            faults();
        }

        /** Nothing waits for room. */
        @Override
        public void writable(DatagramPort itself) {
            socket.interest(true, false);
        }

        void faults() {
            for (Optional<DatagramFault> fault = socket.fault(); fault.isPresent() && !over(); fault = socket.fault()) {
                switch (fault.get()) {
                    case TOO_LONG -> flow().dropped(DatagramDrop.TOO_LONG, 1);
                    case REFUSED -> lost(Failure.REFUSED);
                    case UNREACHABLE -> lost(Failure.UNREACHABLE);
                    case OTHER -> { }
                }
            }
        }

        private void lost(Failure why) {
            flow().connectFailed();
            selection.failed(why);
            letGo();
        }

        void letGo() {
            ways.remove(this);
            socket.close();
            selection.release();
        }
    }

    @Override
    void resume(WaitingDatagrams early) {
        batch().clear();
        for (int taken = 0; taken < early.count(); taken += batch().count()) {
            early.copy(taken, batch());
            waiting.add(batch(), 0, batch().count());
        }
    }

    @Override
    void connect() {
        next();
    }

    // CONNECT, for each datagram: mostly the target is known at once, and its socket is there.

    @Override
    void came(DatagramBatch from, int first, int end) {
        int next = first;
        while (next < end && asked == null && waiting.count() == 0 && !over()) {
            at = from;
            entry = next++;
            ask();
        }
        at = null;
        if (next < end && !over()) {
            keep(from, next, end);
        }
    }

    private void ask() {
        Optional<TargetSelection> begun = flow().select(route.of(flow().addresses().client().getAddress()));
        if (begun.isEmpty()) {
            close(CloseReason.NO_HANDLER);
            return;
        }
        asked = begun.get();
        asking = true;
        underWay = asked.next(this);
        asking = false;
        DatagramBatch from = at;
        if (asked != null && from != null) {
            // It waits for its answer, with all that come behind it.
            at = null;
            keep(from, entry, entry + 1);
        }
    }

    private void keep(DatagramBatch from, int first, int end) {
        relay().drop(DatagramDrop.PENDING, waiting.add(from, first, end));
        if (!flow().keep(waiting.bytes())) {
            close(CloseReason.BUFFERS_FULL);
        }
    }

    /** Goes on with those that wait. */
    private void next() {
        while (asked == null && waiting.count() > 0 && !over()) {
            ask();
        }
    }

    @Override
    public void found(Target found, List<InetSocketAddress> endpoints) {
        TargetSelection its = asked;
        if (over() || its == null) {
            return;
        }
        Optional<Way> way = way(its, found, endpoints);
        if (way.isEmpty()) {
            underWay = its.next(this);
            return;
        }
        asked = null;
        send(way.get());
        if (!asking) {
            next();
        }
    }

    /** The first of the endpoints that has a socket, or gets one. */
    private Optional<Way> way(TargetSelection its, Target found, List<InetSocketAddress> endpoints) {
        Failure why = Failure.HEADER;
        for (InetSocketAddress endpoint : endpoints) {
            Optional<Way> there = ways.stream().filter(open -> open.endpoint.equals(endpoint)).findFirst();
            if (there.isPresent()) {
                its.release();
                return there;
            }
            Optional<byte[]> header = header(found);
            if (header.isEmpty()) {
                break;
            }
            try {
                return Optional.of(open(its, found, endpoint, header.get()));
            } catch (ListenException refused) {
                flow().connectFailed();
                why = failure(refused.failure().cause());
            }
        }
        its.failed(why);
        return Optional.empty();
    }

    private Way open(TargetSelection its, Target found, InetSocketAddress endpoint, byte[] header) throws ListenException {
        if (ways.size() == MAX_WAYS) {
            ways.getFirst().letGo();
        }
        Way way = new Way(flow().open(spec(endpoint)), endpoint, its, header);
        ways.add(way);
        flow().connected(found, endpoint);
        way.socket.events(way);
        way.socket.interest(true, false);
        flow().after(PROOF, way::prove);
        return way;
    }

    // RELAY.

    private void send(Way way) {
        // The one that was used last is the last to be closed.
        ways.remove(way);
        ways.add(way);
        DatagramBatch from = at;
        if (from != null) {
            relay().toTarget(way.socket, way.header, from, entry, entry + 1);
        } else {
            waiting.take(batch());
            flow().keep(waiting.bytes());
            relay().toTarget(way.socket, way.header, batch(), 0, 1);
        }
        way.faults();
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

    @Override
    void letGo() {
        underWay.cancel();
        TargetSelection open = asked;
        asked = null;
        if (open != null) {
            open.release();
        }
        List.copyOf(ways).forEach(Way::letGo);
    }
}
