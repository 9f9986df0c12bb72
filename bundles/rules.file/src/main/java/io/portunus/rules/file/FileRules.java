// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.LogFiles;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RulePublisher;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.LoggerFactory;

/** Publishes the rules of the file, again whenever it changes, and tells the launcher what became of them. Thread-safe. */
@Component(service = {}, immediate = true)
public final class FileRules {
    private final StartReport report;
    private final ReloadEvents events;
    /** Opened again at each reload: SIGHUP is how those who rotate say so. */
    private final List<LogFiles> logs = new CopyOnWriteArrayList<>();
    private final Optional<RuleSource> source;

    /** Starts publishing; a file with problems has no rules, and its component has told so already. */
    @Activate
    public FileRules(BundleContext context, @Reference FileConfiguration file, @Reference RulePublisher publisher,
            @Reference ForwardingEngine engine) {
        ConfigInForce inForce = file.inForce();
        report = new StartReport(Duration.ofSeconds(10), Duration.ofSeconds(2), inForce.config().filter(ParsedConfig::partialStart).isPresent());
        events = new ReloadEvents(LoggerFactory.getLogger(ReloadEvents.class), Clock.systemUTC(), inForce.file());
        Reload reload = new Reload(inForce, new Publication(publisher), engine, events, () -> logs.forEach(LogFiles::reopen));
        source = inForce.config().map(c -> new RuleSource(reload, inForce.file(), inForce::declared, report, new Registrations(context)).start());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(ReadinessCheck check) {
        report.add(check);
    }

    void unbindCheck(ReadinessCheck check) {
        report.remove(check);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLogs(LogFiles files) {
        logs.add(files);
    }

    void unbindLogs(LogFiles files) {
        logs.remove(files);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindChanges(ChangeLog log) {
        events.bind(log);
    }

    void unbindChanges(ChangeLog log) {
        events.unbind(log);
    }

    @Deactivate
    void deactivate() {
        source.ifPresent(RuleSource::close);
    }
}
