// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.model.Offer;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the look into the first packet of a PostgreSQL client, kind {@code "postgres"}. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "inspector;kind=postgres")
@Component(service = Inspector.class)
public final class PostgresInspector implements Inspector {
    /** What rules call the protocol. */
    static final String KIND = "postgres";

    /** Needs nothing and has no configuration. */
    @Activate
    public PostgresInspector() {
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new PostgresInspection();
    }
}
