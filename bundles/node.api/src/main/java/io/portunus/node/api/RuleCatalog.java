// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What the node is configured to forward, and what became of it. Thread-safe. */
@ProviderType
public interface RuleCatalog {
    /** The rules in force, of all sources together; empty before the first. The revision is the source's if there is one, else it joins theirs. */
    Optional<RuleSet> current();

    /** Each rule with its state: those in force, source by source in their order, then those that wait because others are in their way. */
    List<RuleStatus> statuses();

    /** When each rule of the set in force came and changed its state, by its id. */
    Map<Long, RuleTimes> ruleTimes();

    /** Every source that has given rules, the first to give some first. */
    default List<RuleSourceStatus> sources() {
        return List.of();
    }
}
