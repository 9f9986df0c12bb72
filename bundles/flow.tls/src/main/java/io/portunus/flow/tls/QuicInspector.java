// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.DatagramInspector;
import io.portunus.model.Offer;
import io.portunus.model.Prelude;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into the ClientHello in Initial packets of QUIC, kind {@code "quic"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "datagram_inspector;kind=quic")
@Component(service = DatagramInspector.class)
public final class QuicInspector implements DatagramInspector {
    /** Needs nothing and has no configuration. */
    @Activate
    public QuicInspector() {
    }

    @Override
    public String kind() {
        return Prelude.QUIC;
    }

    @Override
    public DatagramInspection begin() {
        return new QuicInspection();
    }
}
