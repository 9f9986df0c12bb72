// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.ReadinessCheck;
import java.time.Clock;
import java.util.List;

/** Every resource there is. */
final class Resources {
    private Resources() {
    }

    static List<Resource> of(Parts parts, ReadinessCheck own, Clock clock) {
        return List.of(new HealthResource(), new ReadyResource(parts, own), new MetricsResource(parts), new RulesResource(parts),
            new FlowsResource(parts), new KillResource(parts), new ListenersResource(parts), new ExplainResource(parts),
            new StatusResource(parts, clock));
    }
}
