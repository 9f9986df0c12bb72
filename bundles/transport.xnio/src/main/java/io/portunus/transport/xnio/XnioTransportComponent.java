// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.xnio;

import io.portunus.flow.spi.Transport;
import io.portunus.model.Offer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.xnio.Xnio;

/** Offers {@link XnioTransport} itself, and not a shell around it, while the XNIO provider is there. */
@Header(name = Offer.HEADER, value = "transport;kind=xnio")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.flow.spi.Transport\"", effective = "active")
@Component(service = { }, immediate = true)
public final class XnioTransportComponent {
    /** It runs everywhere, so it carries what names no transport; one that should go before it has a higher rank. */
    private static final int RANK = 100;

    private final XnioTransport transport;
    private @Nullable ServiceRegistration<Transport> registration;

    /** Starts the I/O threads, one a processor. */
    @Activate
    public XnioTransportComponent(@Reference Xnio xnio) throws IOException {
        transport = XnioTransport.start(xnio, Runtime.getRuntime().availableProcessors());
    }

    @Activate
    void start(BundleContext context) {
        registration = context.registerService(Transport.class, transport, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, RANK)));
    }

    @Deactivate
    void deactivate() {
        if (registration != null) {
            registration.unregister();
        }
        transport.close();
    }
}
