// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.BulkPath;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@link Parts} from the service registry. The fields are volatile because SCR sets them from its own threads. */
@Component(service = Parts.class)
public final class NodeParts implements Parts {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable ForwardingEngine engine;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable RuleCatalog catalog;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable MetricsPage metrics;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable NodeInfo node;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable ConfigReload reload;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable BundleControl bundles;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable ChangeLog changes;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable BulkPath bulkPath;
    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    private volatile List<ReadinessCheck> checks = List.of();
    private final NodeReadiness readiness = new NodeReadiness();

    @Override
    public Optional<ForwardingEngine> engine() {
        return Optional.ofNullable(engine);
    }

    @Override
    public Optional<RuleCatalog> catalog() {
        return Optional.ofNullable(catalog);
    }

    @Override
    public Optional<MetricsPage> metrics() {
        return Optional.ofNullable(metrics);
    }

    @Override
    public Optional<NodeInfo> node() {
        return Optional.ofNullable(node);
    }

    @Override
    public Optional<ConfigReload> reload() {
        return Optional.ofNullable(reload);
    }

    @Override
    public Optional<BundleControl> bundles() {
        return Optional.ofNullable(bundles);
    }

    @Override
    public Optional<ChangeLog> changes() {
        return Optional.ofNullable(changes);
    }

    @Override
    public Optional<BulkPath> bulkPath() {
        return Optional.ofNullable(bulkPath);
    }

    @Override
    public List<PartReadiness> readiness() {
        return readiness.ask(List.copyOf(checks));
    }
}
