// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Picks of a made-up group each way there is, lets one fail and come back, and probes a listener of its own. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class TargetsSelfCheck implements SelfCheck {
    /** Needs nothing and has no configuration. */
    @Activate
    public TargetsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return new Rehearsal().run();
    }
}
