// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.model.RuleSet;
import io.portunus.node.api.Publication;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import io.portunus.node.api.RuleSourceStatus;
import io.portunus.node.api.RuleStatus;
import io.portunus.node.api.RuleTimes;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.LoggerFactory;

/** Offers the rules in force as services. Thread-safe. A new engine gets a new component, and every source publishes again. */
@Component(service = {RulePublisher.class, RuleCatalog.class, ReadinessCheck.class}, immediate = true)
public final class CoreRules implements RulePublisher, RuleCatalog, ReadinessCheck {
    private final LastSets lastSets;
    private final RulesInForce rules;

    /** Wires the rules to the engine, and keeps the last ones in the state folder. */
    @Activate
    public CoreRules(BundleContext context, @Reference ForwardingEngine engine) {
        this(engine, Optional.ofNullable(context.getProperty("portunus.state")).map(Path::of).map(LastSets::in).orElseGet(LastSets::nowhere));
    }

    /** Wires them to an engine, and keeps nothing. */
    public CoreRules(ForwardingEngine engine) {
        this(engine, LastSets.nowhere());
    }

    private CoreRules(ForwardingEngine engine, LastSets lastSets) {
        this.lastSets = lastSets;
        this.rules = new RulesInForce(engine, new RuleEvents(LoggerFactory.getLogger(RuleEvents.class)), InstantSource.system(), lastSets);
    }

    @Deactivate
    void deactivate() {
        lastSets.close();
    }

    @Override
    public Publication publish(String source, RuleSet set) {
        return rules.publish(source, set);
    }

    @Override
    public Optional<Publication> publishLast(String source, Problem why) {
        return rules.publishLast(source, why);
    }

    @Override
    public String name() {
        return rules.name();
    }

    @Override
    public List<Problem> problems() {
        return rules.problems();
    }

    @Override
    public List<Problem> degraded() {
        return rules.degraded();
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

    @Override
    public List<RuleSourceStatus> sources() {
        return rules.sources();
    }
}
