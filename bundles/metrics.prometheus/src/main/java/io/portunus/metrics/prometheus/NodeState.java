// SPDX-License-Identifier: Apache-2.0
package io.portunus.metrics.prometheus;

import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.PartReadiness;
import io.portunus.node.api.RuleCatalog;
import java.util.List;
import java.util.Optional;

/**
 * The parts of the node that report its state, as they are at one scrape.
 *
 * @param catalog what became of the rules
 * @param reload what became of the configuration
 * @param checks whether the parts are ready
 */
record NodeState(Optional<RuleCatalog> catalog, Optional<ConfigReload> reload, List<PartReadiness> checks) {
    NodeState {
        checks = List.copyOf(checks);
    }
}
