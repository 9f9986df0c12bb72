// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Resource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Every resource of the node. */
final class Resources {
    private Resources() {
    }

    /** Makes them, over the parts of a node and its state directory. */
    static List<Resource> of(Parts parts, DetachedChanges changes, Clock clock, Path state) {
        return List.of(new ReadyResource(parts), new MetricsResource(parts), new RulesResource(parts), new TargetsResource(parts),
            new DrainTargetResource(true, parts, clock), new DrainTargetResource(false, parts, clock), new FlowsResource(parts),
            new KillResource(parts, clock), new ListenersResource(parts), new ExplainResource(parts), new StatusResource(parts, clock),
            new ReloadResource(parts, changes), new BundlesResource(parts), new UpgradeResource(parts, changes, new Incoming(state, clock)),
            new RollbackResource(parts, changes), new ReleaseResource(parts, changes), new RemoveResource(parts, changes),
            new DrainVersionResource(parts), new ImpactResource(parts), new PinsResource(parts),
            new PinResource("PUT", parts, changes), new PinResource("POST", parts, changes), new UnpinResource(parts, changes),
            new ChangesResource(parts), new LimitsResource(parts));
    }
}
