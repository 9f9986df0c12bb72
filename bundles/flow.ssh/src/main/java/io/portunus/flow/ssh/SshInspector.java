// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.Offer;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into the identification of an SSH client, kind {@code "ssh"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "inspector;kind=ssh")
@Component(service = Inspector.class)
public final class SshInspector implements Inspector {
    /** What rules call the protocol. */
    static final String KIND = "ssh";

    /** Needs nothing and has no configuration. */
    @Activate
    public SshInspector() {
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new SshInspection();
    }
}
