// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Listener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Offers {@link TcpFlow} to the engine. There is nothing to deactivate: flows under way may still have a name to look up, and idle look-up
 * threads end by themselves.
 */
@Component(service = FlowHandler.class)
public final class TcpHandler implements FlowHandler {
    private final NameResolver names = new NameResolver();
    private final SpillBuffers spills = new SpillBuffers();

    /** Needs nothing and has no configuration. */
    @Activate
    public TcpHandler() {
    }

    @Override
    public String kind() {
        return TCP;
    }

    @Override
    public void accepted(Stream downstream, Listener listener, LiveFlow flow) {
        new TcpFlow(downstream, flow, new UpstreamConnector(flow, names), spills).start(listener);
    }
}
