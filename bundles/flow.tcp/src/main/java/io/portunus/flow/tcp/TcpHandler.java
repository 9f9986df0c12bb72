// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.model.Listener;
import io.portunus.model.Offer;
import java.util.function.LongSupplier;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Offers {@link TcpFlow} to the engine. There is little to deactivate: it has no threads, and flows under way go on. */
@Header(name = Offer.HEADER, value = "handler;kind=tcp")
@Component(service = FlowHandler.class)
public final class TcpHandler implements FlowHandler {
    private final BulkLanes lanes = new BulkLanes();
    private final Pumping.Supplies supplies;

    /** Needs nothing and has no configuration. */
    @Activate
    public TcpHandler() {
        this(System::nanoTime);
    }

    /** With another time than the system's. */
    TcpHandler(LongSupplier nanos) {
        supplies = new Pumping.Supplies(new Pump.Supplies(new BufferPool(), lanes), nanos);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindBulk(BulkPath path) {
        lanes.bind(path);
    }

    void unbindBulk(BulkPath path) {
        lanes.unbind(path);
    }

    @Deactivate
    void deactivate() {
        lanes.stop();
    }

    @Override
    public String kind() {
        return TCP;
    }

    @Override
    public void accepted(Stream downstream, Listener listener, StreamFlow flow) {
        new TcpFlow(downstream, flow, supplies).start(listener);
    }
}
