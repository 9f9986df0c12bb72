// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Writes known headers and reads them back before anybody is served, each cut at every byte once. Takes milliseconds. Thread-safe. */
@Component(service = SelfCheck.class)
public final class ProxySelfCheck implements SelfCheck {
    /** Needs nothing and has no configuration. */
    @Activate
    public ProxySelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return SampleHeader.broken(new ProxyHeader(), new ProxyFilter());
    }
}
