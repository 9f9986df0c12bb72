// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.BulkPath;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.MetricsPage;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.Optional;

/** The parts of the node that the resources show. They come and go; a request takes each once. Thread-safe. */
interface Parts {
    Optional<ForwardingEngine> engine();

    Optional<RuleCatalog> catalog();

    Optional<MetricsPage> metrics();

    Optional<NodeInfo> node();

    Optional<ConfigReload> reload();

    Optional<BundleControl> bundles();

    Optional<ChangeLog> changes();

    Optional<BulkPath> bulkPath();

    /** What every part answers that is asked whether it is ready. */
    List<PartReadiness> readiness();

    /** The refusal of a request that needs a part which is not there. */
    static RefusedException missing(String part) {
        return new RefusedException(503, ProblemCode.COMPONENT_MISSING.code(), "",
            "The part '" + part + "' is not running; /readyz and the log say why.");
    }
}
