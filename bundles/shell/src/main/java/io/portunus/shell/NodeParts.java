// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The services that the commands ask, as far as they are there: the shell must work best when something is missing. Thread-safe. */
@Component(service = NodeParts.class)
public final class NodeParts {
    final Part<ForwardingEngine> engine = new Part<>("no forwarding engine is running; 'portunus:health' says what is missing");
    final Part<RuleCatalog> catalog = new Part<>("no rule source is running; 'portunus:health' says what is missing");
    final Part<NodeInfo> info = new Part<>("this node does not say who it is, because no rule source is running");
    final Part<LogLevels> levels = new Part<>("log levels cannot be read or set, because the bundle logging.json is not active");
    final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindEngine(ForwardingEngine service) {
        engine.bind(service);
    }

    void unbindEngine(ForwardingEngine service) {
        engine.unbind(service);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindCatalog(RuleCatalog service) {
        catalog.bind(service);
    }

    void unbindCatalog(RuleCatalog service) {
        catalog.unbind(service);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindInfo(NodeInfo service) {
        info.bind(service);
    }

    void unbindInfo(NodeInfo service) {
        info.unbind(service);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindLevels(LogLevels service) {
        levels.bind(service);
    }

    void unbindLevels(LogLevels service) {
        levels.unbind(service);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindCheck(ReadinessCheck service) {
        checks.add(service);
    }

    void unbindCheck(ReadinessCheck service) {
        checks.remove(service);
    }
}
