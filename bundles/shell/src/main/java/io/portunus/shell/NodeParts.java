// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.BulkPath;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.NodeReadiness;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.SettingsCatalog;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The services that the commands ask, as far as they are there: the shell must work best when something is missing. Thread-safe. */
@Component(service = NodeParts.class)
public final class NodeParts {
    // Volatile, because SCR swaps them on its threads while commands read each once on theirs, by Needed.
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable ForwardingEngine engine;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable RuleCatalog catalog;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable NodeInfo info;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable LogLevels levels;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable ConfigReload reload;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable SettingsCatalog settings;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable BundleControl bundles;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable ChangeLog changes;
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable BulkPath bulkPath;
    @Reference(policy = DYNAMIC)
    volatile List<ReadinessCheck> checks = List.of();
    private final NodeReadiness readiness = new NodeReadiness();

    final InstantSource clock = InstantSource.system();

    /** Writes down a change that a command made itself; without a log for it, it is made all the same. */
    void changed(Actor by, What what, String before, String after, String result) {
        ChangeLog log = changes;
        if (log != null) {
            log.add(new Change(clock.instant(), by, what.what(), what.subject(), before, after, result));
        }
    }

    /** What every part answers that is asked whether it is ready. */
    List<PartReadiness> readiness() {
        return readiness.ask(List.copyOf(checks));
    }

    /** Refuses a rule that is not there, as far as somebody knows the rules. */
    void requireRule(String name) {
        RuleCatalog rules = catalog;
        if (rules != null && rules.statuses().stream().noneMatch(status -> status.rule().name().equals(name))) {
            throw new CommandRefused("there is no rule '" + Printable.escape(name) + "'; 'portunus:rules' lists them");
        }
    }

    /** What was changed, and on what. */
    record What(String what, String subject) {
    }
}
