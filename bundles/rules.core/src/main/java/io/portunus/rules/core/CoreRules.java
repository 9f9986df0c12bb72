// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.model.RuleSet;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.LoggerFactory;

/** Offers the rules in force as services. Thread-safe. A new engine gets a new component, and the rule source publishes again. */
@Component(service = {RulePublisher.class, RuleCatalog.class}, immediate = true)
public final class CoreRules implements RulePublisher, RuleCatalog {
    private final RulesInForce rules;

    /** Wires the rules to the engine. */
    @Activate
    public CoreRules(@Reference ForwardingEngine engine) {
        rules = new RulesInForce(engine, new RuleEvents(LoggerFactory.getLogger(RuleEvents.class)), InstantSource.system());
    }

    @Override
    public List<Problem> publish(RuleSet set) {
        return rules.publish(set);
    }

    @Override
    public Optional<RuleSet> current() {
        return rules.current();
    }

    @Override
    public List<RuleStatus> statuses() {
        return rules.statuses();
    }

    @Override
    public Map<Long, RuleTimes> ruleTimes() {
        return rules.ruleTimes();
    }
}
