// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.HeaderFacts;
import io.portunus.flow.spi.UpstreamHeader;
import io.portunus.model.Offer;
import java.security.SecureRandom;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the PROXY header to targets that use one. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "header;kind=proxy")
@Component(service = UpstreamHeader.class)
public final class ProxyHeader implements UpstreamHeader {
    private final HeaderOut header;

    /** Needs nothing and has no configuration. */
    @Activate
    public ProxyHeader() {
        // Drawn so that a target can keep apart the flows of several nodes, and those of one before and after a restart.
        this.header = new HeaderOut(new SecureRandom().nextLong());
    }

    @Override
    public String kind() {
        return PROXY;
    }

    @Override
    public byte[] bytes(HeaderFacts facts) {
        return header.bytes(facts);
    }
}
