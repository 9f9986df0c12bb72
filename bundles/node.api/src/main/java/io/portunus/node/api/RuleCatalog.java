// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What the node was told to forward, and what became of it. Thread-safe. */
@ProviderType
public interface RuleCatalog {
    /** The rule set in force; empty before the first. */
    Optional<RuleSet> current();

    /** Each rule of the set in force with its state, in the order of the source. */
    List<RuleStatus> statuses();

    /** When each rule of the set in force came and changed its state, by its id. */
    Map<Long, RuleTimes> ruleTimes();
}
