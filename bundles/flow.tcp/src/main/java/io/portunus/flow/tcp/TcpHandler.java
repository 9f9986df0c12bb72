// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.FlowHandler;
import io.portunus.flow.spi.FlowHost;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Listener;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers {@link TcpFlow} to the engine. Deactivation takes no new flow; those under way end on what they have. */
@Component(service = FlowHandler.class)
public final class TcpHandler implements FlowHandler {
    private final String version;
    private final NameResolver names = new NameResolver();
    private final SpillBuffers spills = new SpillBuffers();

    /** Takes its version from the bundle. */
    @Activate
    public TcpHandler(BundleContext context) {
        version = context.getBundle().getVersion().toString();
    }

    @Deactivate
    void deactivate() {
        names.close();
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public void accepted(Stream downstream, Listener listener, LiveFlow flow, FlowHost host) {
        new TcpFlow(downstream, flow, new UpstreamConnector(host, names), spills).start(listener, host);
    }
}
