// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.Offer;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into the head of an HTTP request, kind {@code "http"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "inspector;kind=http")
@Component(service = Inspector.class)
public final class HttpInspector implements Inspector {
    /** What rules call the protocol. */
    static final String KIND = "http";

    /** Needs nothing and has no configuration. */
    @Activate
    public HttpInspector() {
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new HttpInspection();
    }
}
