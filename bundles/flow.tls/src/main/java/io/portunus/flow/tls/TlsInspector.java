// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.Offer;
import io.portunus.model.Prelude;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into a TLS ClientHello, kind {@code "tls"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "inspector;kind=tls")
@Component(service = Inspector.class)
public final class TlsInspector implements Inspector {
    /** Needs nothing and has no configuration. */
    @Activate
    public TlsInspector() {
    }

    @Override
    public String kind() {
        return Prelude.TLS;
    }

    @Override
    public Inspection begin() {
        return new TlsInspection();
    }
}
