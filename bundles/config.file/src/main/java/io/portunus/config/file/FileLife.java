// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableTaker;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.LogFiles;
import io.portunus.node.api.ReadinessCheck;
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

/** Hands on what the file sets, again whenever it changes, and reports to the launcher what became of it. Thread-safe. */
@Component(service = {}, immediate = true)
public final class FileLife {
    private final StartReport report;
    private final ReloadEvents events;
    /** Opened again at each reload: SIGHUP is how those who rotate say so. */
    private final List<LogFiles> logs = new CopyOnWriteArrayList<>();
    private final Optional<NodeLife> life;

    /** Begins; a file with problems has nothing to hand on, and its component has reported that already. */
    @Activate
    public FileLife(BundleContext context, @Reference FileConfiguration file) {
        ConfigInForce inForce = file.inForce();
        report = new StartReport(Duration.ofSeconds(10), Duration.ofSeconds(2), inForce.config().filter(Config::partialStart).isPresent());
        events = new ReloadEvents(LoggerFactory.getLogger(ReloadEvents.class), Clock.systemUTC(), inForce.file());
        Takers takers = new Takers();
        Reload reload = new Reload(inForce, takers, events, () -> logs.forEach(LogFiles::reopen));
        life = inForce.config().map(config -> new NodeLife(reload, takers, inForce, report, new Registrations(context)).start());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTaker(TableTaker taker) {
        life.ifPresent(its -> its.add(taker));
    }

    void unbindTaker(TableTaker taker) {
        life.ifPresent(its -> its.remove(taker));
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
        life.ifPresent(NodeLife::close);
    }
}
