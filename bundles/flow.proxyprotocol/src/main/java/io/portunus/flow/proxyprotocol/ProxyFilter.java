// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.model.Offer;
import io.portunus.model.Protocol;
import java.util.List;
import org.osgi.annotation.bundle.Header;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Takes PROXY headers off connections and datagrams of trusted balancers; whom to trust is its caller's business. Thread-safe: it has no state. */
@Header(name = Offer.HEADER, value = "filter;kind=proxy")
@Component(service = ListenerFilter.class)
public final class ProxyFilter implements ListenerFilter {
    /** Needs nothing and has no configuration. */
    @Activate
    public ProxyFilter() {
    }

    @Override
    public String kind() {
        return PROXY;
    }

    @Override
    public List<CloseReason> reasons() {
        return ProxyReason.ALL;
    }

    @Override
    public Filtering begin(Protocol protocol) {
        return new HeaderIn(protocol);
    }
}
