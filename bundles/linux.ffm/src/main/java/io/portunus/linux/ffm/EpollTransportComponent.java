// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BoundSocket;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.EventLoop;
import io.portunus.flow.spi.ListenSpec;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.Transport;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers {@link EpollTransport} as a service; {@link EpollOffer} enables it where it works. */
@Component(service = Transport.class, enabled = false)
public final class EpollTransportComponent implements Transport {
    private final EpollTransport transport;

    /** Starts the loops, one a processor. */
    @Activate
    public EpollTransportComponent() throws IOException {
        transport = EpollTransport.start(SocketFfm::new, Runtime.getRuntime().availableProcessors(), System::nanoTime);
    }

    @Deactivate
    void deactivate() {
        transport.retire();
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public List<EventLoop> loops() {
        return transport.loops();
    }

    @Override
    public BoundSocket listen(ListenSpec spec, Consumer<Stream> onAccept) throws IOException {
        return transport.listen(spec, onAccept);
    }

    @Override
    public Cancellable connect(EventLoop loop, ConnectSpec spec, ConnectListener done) {
        return transport.connect(loop, spec, done);
    }
}
