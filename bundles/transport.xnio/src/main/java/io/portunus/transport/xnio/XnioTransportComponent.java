// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

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
import org.osgi.service.component.annotations.Reference;
import org.xnio.Xnio;

/** Offers {@link XnioTransport} as a service while the XNIO provider is there. */
@Component(service = Transport.class)
public final class XnioTransportComponent implements Transport {
    private final XnioTransport transport;

    /** Starts the I/O threads, one a processor. */
    @Activate
    public XnioTransportComponent(@Reference Xnio xnio) throws IOException {
        transport = XnioTransport.start(xnio, Runtime.getRuntime().availableProcessors());
    }

    @Deactivate
    void deactivate() {
        transport.close();
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
