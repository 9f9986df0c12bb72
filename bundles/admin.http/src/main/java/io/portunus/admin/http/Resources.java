// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Every resource there is. */
final class Resources {
    private Resources() {
    }

    static List<Resource> of(Parts parts, ReadinessCheck own, Clock clock, Path state) {
        DetachedChanges changes = new DetachedChanges();
        List<Resource> all = List.of(new HealthResource(), new ReadyResource(parts, own), new MetricsResource(parts), new RulesResource(parts),
            new TargetsResource(parts), new DrainTargetResource(true, parts, clock), new DrainTargetResource(false, parts, clock),
            new FlowsResource(parts), new KillResource(parts, clock), new ListenersResource(parts), new ExplainResource(parts),
            new StatusResource(parts, clock), new ReloadResource(parts, changes), new BundlesResource(parts),
            new UpgradeResource(parts, changes, new Incoming(state, clock)), new RollbackResource(parts, changes),
            new RemoveResource(parts, changes), new ImpactResource(parts), new PinsResource(parts), new PinResource("PUT", parts, changes),
            new PinResource("POST", parts, changes), new UnpinResource(parts, changes), new ChangesResource(parts));
        return Stream.concat(Stream.of(new IndexResource(all)), all.stream()).toList();
    }
}
