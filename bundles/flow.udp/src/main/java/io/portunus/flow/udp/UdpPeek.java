// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramFlow;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.DatagramSession;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Decision;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * PEEK: a session whose first datagrams do not show yet what it is. They wait; once a rule is chosen it is that of an {@link AdmittedSession}. A flow
 * has a place among the peeks of its listener, and the listener's time for it. Confined to its loop.
 */
final class UdpPeek implements DatagramSession {
    private static final Cancellable NOTHING = () -> { };

    private final Look look;
    private final DatagramListener listener;
    private final Batches batches;
    private final LongSupplier nanos;
    private final WaitingDatagrams waiting = new WaitingDatagrams();
    private @Nullable DatagramFlow flow;
    private @Nullable AdmittedSession session;
    private Cancellable deadline = NOTHING;
    private boolean over;

    /**
     * Prepares one.
     *
     * @param look what has been seen
     * @param batches of its loop
     */
    UdpPeek(Look look, DatagramListener listener, Batches batches, LongSupplier nanos) {
        this.look = look;
        this.listener = listener;
        this.batches = batches;
        this.nanos = nanos;
    }

    /** Begins with the first datagrams, which have been looked at. */
    void start(DatagramFlow its, DatagramBatch from, int first, int end) {
        flow = its;
        its.onEnd(this::close);
        if (!its.beginPeek()) {
            close(CloseReason.PEEK_CAPACITY);
            return;
        }
        deadline = its.after(listener.routes().peek(), this::outOfTime);
        store(from, first, end);
        keep();
    }

    private DatagramFlow flow() {
        return Objects.requireNonNull(flow, "it has started");
    }

    @Override
    public void received(DatagramBatch from, int first, int end) {
        AdmittedSession carries = session;
        if (carries != null) {
            carries.received(from, first, end);
            return;
        }
        store(from, first, end);
        switch (look.inspect(from, first, end)) {
            case Verdict.Recognised match -> decide(match.prelude());
            case Verdict.No no when no.flawed() -> refuse(no.reason());
            case Verdict.No no -> decide(Prelude.NONE);
            case Verdict.More more -> keep();
        }
    }

    private void store(DatagramBatch from, int first, int end) {
        int dropped = 0;
        for (int entry = first; entry < end; entry++) {
            dropped += !from.truncated(entry) && waiting.add(from, entry) ? 0 : 1;
        }
        if (dropped > 0) {
            listener.refused(CloseReason.BUFFERS_FULL, dropped);
        }
    }

    private void keep() {
        if (!flow().keep(waiting.bytes() + look.kept())) {
            close(CloseReason.BUFFERS_FULL);
        }
    }

    private void decide(Prelude prelude) {
        switch (route(prelude)) {
            case Decision.Refused refused -> refuse(CloseReason.of(refused.reason()));
            case Decision.Routed routed -> begin(prelude, routed.route());
        }
    }

    private Decision route(Prelude prelude) {
        return listener.routes().route(prelude, flow().addresses().client().getAddress());
    }

    private void begin(Prelude prelude, Route route) {
        deadline.cancel();
        flow().endPeek();
        flow().inspected(prelude);
        if (!flow().enter(route)) {
            close(CloseReason.MAX_CONNECTIONS);
            return;
        }
        AdmittedSession carries = AdmittedSession.of(route, listener, prelude, batches, nanos);
        session = carries;
        carries.start(flow(), waiting);
    }

    /** What is slow may be of a protocol that nobody knows, where a rule takes that. */
    private void outOfTime() {
        if (!over && session == null) {
            if (route(Prelude.NONE) instanceof Decision.Routed routed) {
                begin(Prelude.NONE, routed.route());
            } else {
                refuse(CloseReason.PEEK_TIMEOUT);
            }
        }
    }

    private void refuse(CloseReason reason) {
        byte[] bytes = look.refusal(reason);
        // No more than it has sent: its address may be somebody else's (RFC 9000 §8).
        if (bytes.length > 0 && bytes.length <= waiting.bytes()) {
            DatagramBatch batch = batches.plain();
            batch.clear();
            batch.add(ByteBuffer.wrap(bytes));
            flow().reply(batch, 0, 1);
        }
        close(reason);
    }

    private void close(CloseReason reason) {
        if (!over) {
            over = true;
            deadline.cancel();
            flow().closed(reason);
        }
    }
}
