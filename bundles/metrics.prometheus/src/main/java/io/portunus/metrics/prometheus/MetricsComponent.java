// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Offers {@link PrometheusPage} as a service; engine, versions and node may come and go meanwhile. */
@Component(service = MetricsPage.class, immediate = true)
public final class MetricsComponent implements MetricsPage {
    // Volatile: SCR sets them from its own threads, a scrape reads each once.
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ForwardingEngine engine;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable NodeInfo node;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable FlowVersions versions;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable RuleCatalog catalog;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ConfigReload reload;
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<ReadinessCheck> checks = List.of();

    private final NodeReadiness readiness = new NodeReadiness();
    private final PrometheusPage page;

    /** Starts the meters of the process. */
    @Activate
    public MetricsComponent() {
        page = new PrometheusPage(() -> Optional.ofNullable(engine), () -> Optional.ofNullable(node), () -> Optional.ofNullable(versions),
            () -> new NodeState(Optional.ofNullable(catalog), Optional.ofNullable(reload), readiness.ask(List.copyOf(checks))));
    }

    @Deactivate
    void deactivate() {
        page.close();
    }

    @Override
    public Rendered render(String accept) {
        return page.render(accept);
    }
}
