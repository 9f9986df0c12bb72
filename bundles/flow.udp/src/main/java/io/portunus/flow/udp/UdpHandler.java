// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Decision;
import io.portunus.model.Prelude;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers sessions of UDP to the engine. There is nothing to deactivate: it has no threads, and sessions that are open go on. */
@Component(service = DatagramHandler.class)
@Header(name = "Portunus-Provides", value = "handler;kind=udp")
public final class UdpHandler implements DatagramHandler {
    private final LongSupplier nanos;
    private final Map<EventLoop, Batches> batches = new ConcurrentHashMap<>();

    /** Needs nothing and has no configuration. */
    @Activate
    public UdpHandler() {
        this(System::nanoTime);
    }

    /** With another time than the system's. */
    UdpHandler(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return UDP;
    }

    @Override
    public void arrived(DatagramBatch batch, int first, int end, DatagramListener listener) {
        Arrived its = new Arrived(batch, first, end, listener);
        if (listener.routes().inspects().isEmpty()) {
            begin(its, Prelude.NONE, Optional.empty());
            return;
        }
        Optional<Look> begun = Look.begin(listener, batch.peer(first).getAddress());
        if (begun.isEmpty()) {
            listener.refused(CloseReason.NO_HANDLER, end - first);
            return;
        }
        Look look = begun.get();
        switch (look.inspect(batch, first, end)) {
            case Verdict.Recognised match -> begin(its, match.prelude(), begun);
            case Verdict.No no when no.flawed() -> refuse(its, no.reason(), begun);
            case Verdict.No no -> begin(its, Prelude.NONE, Optional.empty());
            case Verdict.More more -> peek(its, look);
        }
    }

    /** What came, all of one client that has no session. */
    private record Arrived(DatagramBatch batch, int first, int end, DatagramListener listener) {
    }

    /** ROUTE: what no rule takes gets no session, and leaves nothing. */
    private void begin(Arrived its, Prelude prelude, Optional<Look> look) {
        switch (its.listener().routes().route(prelude, its.batch().peer(its.first()).getAddress())) {
            case Decision.Refused refused -> refuse(its, CloseReason.of(refused.reason()), look);
            case Decision.Routed routed -> {
                AdmittedSession session = AdmittedSession.of(routed.route(), its.listener(), prelude, batches(its.listener().loop()), nanos);
                its.listener().begin(its.batch(), its.first(), routed.route(), session).ifPresent(flow -> flow.run(() -> {
                    flow.inspected(prelude);
                    session.start(flow, its.batch(), its.first(), its.end());
                }));
            }
        }
    }

    private static void refuse(Arrived its, CloseReason reason, Optional<Look> look) {
        look.map(seen -> seen.refusal(reason)).filter(answer -> answer.length > 0)
            .ifPresent(answer -> its.listener().answer(its.batch(), its.first(), answer));
        its.listener().refused(reason, its.end() - its.first());
    }

    private void peek(Arrived its, Look look) {
        UdpPeek peek = new UdpPeek(look, its.listener(), batches(its.listener().loop()), nanos);
        its.listener().begin(its.batch(), its.first(), peek)
            .ifPresent(flow -> flow.run(() -> peek.start(flow, its.batch(), its.first(), its.end())));
    }

    private Batches batches(EventLoop loop) {
        return batches.computeIfAbsent(loop, its -> new Batches());
    }
}
