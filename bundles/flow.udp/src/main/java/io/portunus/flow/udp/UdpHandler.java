// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.udp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DatagramHandler;
import io.portunus.flow.spi.DatagramListener;
import io.portunus.flow.spi.EventLoop;
import io.portunus.model.Decision;
import io.portunus.model.Prelude;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers {@link UdpSession} to the engine. There is nothing to deactivate: it has no threads, and sessions that are open go on. */
@Component(service = DatagramHandler.class)
@Header(name = "Portunus-Provides", value = "handler;kind=udp")
public final class UdpHandler implements DatagramHandler {
    /** Datagrams that are sent or received at once; each has room for the longest there is, so a batch has 2 MiB. */
    private static final int BATCH = 32;

    private final LongSupplier nanos;
    /** One a loop, for what targets answer and for what has waited: never for two things at once. */
    private final Map<EventLoop, DatagramBatch> batches = new ConcurrentHashMap<>();

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
        switch (listener.routes().route(Prelude.NONE, batch.peer(first).getAddress())) {
            case Decision.Refused refused -> listener.refused(CloseReason.of(refused.reason()), end - first);
            case Decision.Routed routed -> {
                UdpSession session = new UdpSession(routed.route(), batch(listener.loop()), nanos);
                listener.begin(batch, first, routed.route(), session).ifPresent(flow -> flow.run(() -> session.start(flow, batch, first, end)));
            }
        }
    }

    private DatagramBatch batch(EventLoop loop) {
        return batches.computeIfAbsent(loop, its -> new DatagramBatch(BATCH, DatagramBatch.MAX_BYTES));
    }
}
