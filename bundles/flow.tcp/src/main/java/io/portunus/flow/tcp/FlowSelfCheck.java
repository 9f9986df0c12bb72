// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Carries a few flows in memory before anybody is served. Takes milliseconds, opens no socket and looks up no name. Thread-safe. */
@Component(service = SelfCheck.class)
public final class FlowSelfCheck implements SelfCheck {
    /** Needs nothing and has no configuration. */
    @Activate
    public FlowSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return Rehearsal.all(new TcpHandler());
    }
}
