// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.PreludeFacts;
import io.portunus.flow.spi.UpstreamPrelude;
import java.security.SecureRandom;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the PROXY header to targets that want one. Thread-safe: it has no state. */
@Header(name = "Portunus-Provides", value = "prelude;kind=proxy")
@Component(service = UpstreamPrelude.class)
public final class ProxyPrelude implements UpstreamPrelude {
    private final HeaderOut header;

    /** Needs nothing and has no configuration. */
    @Activate
    public ProxyPrelude() {
        // Drawn so that a target can keep apart the flows of several nodes, and those of one before and after a restart.
        this.header = new HeaderOut(new SecureRandom().nextLong());
    }

    @Override
    public String kind() {
        return PROXY;
    }

    @Override
    public byte[] bytes(PreludeFacts facts) {
        return header.bytes(facts);
    }
}
