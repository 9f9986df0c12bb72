// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.RulePublisher;
import java.time.Duration;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Publishes the rules of the file and tells the launcher what became of them. Thread-safe. */
@Component(service = {}, immediate = true)
public final class FileRules {
    private final StartReport report = new StartReport(Duration.ofSeconds(10), Duration.ofSeconds(2));
    private final Registrations registrations;

    /** Starts publishing; a file with problems has no rules, and its component has told so already. */
    @Activate
    public FileRules(BundleContext context, @Reference FileConfiguration file, @Reference RulePublisher publisher,
            @Reference ForwardingEngine engine) {
        registrations = new Registrations(context);
        if (file.loaded().outcome() instanceof ConfigOutcome.Valid valid) {
            Duration drain = valid.config().global().shutdownDrain();
            new FirstPublication(publisher, valid.config().rules(), problems -> published(problems, () -> engine.drain(drain))).start();
        }
    }

    private void published(List<Problem> problems, Runnable drain) {
        report.published(problems);
        registrations.add(ReadinessCheck.class, new FixedCheck(ReadinessCheck.RULES, FirstPublication.refusals(problems)));
        registrations.drain(drain);
        registrations.started(report);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(ReadinessCheck check) {
        report.add(check);
    }

    void unbindCheck(ReadinessCheck check) {
        report.remove(check);
    }

    @Deactivate
    void deactivate() {
        registrations.close();
    }
}
