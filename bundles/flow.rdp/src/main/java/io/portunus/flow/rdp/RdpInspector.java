// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.Offer;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into the connection request of an RDP client, kind {@code "rdp"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "inspector;kind=rdp")
@Component(service = Inspector.class)
public final class RdpInspector implements Inspector {
    /** What rules call the protocol. */
    static final String KIND = "rdp";

    /** Needs nothing and has no configuration. */
    @Activate
    public RdpInspector() {
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new RdpInspection();
    }
}
