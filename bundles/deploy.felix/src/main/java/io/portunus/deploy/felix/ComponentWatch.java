// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.LoggerFactory;

/** Reports components that fail, as a readiness check and in the log. Thread-safe. */
@Component(immediate = true)
public final class ComponentWatch implements ReadinessCheck {
    private final ComponentFailures failures;

    /** Looks once; from then on whenever the runtime reports a change, and when it is asked. */
    @Activate
    public ComponentWatch(BundleContext context, @Reference ServiceComponentRuntime runtime) {
        failures = new ComponentFailures(runtime, context::getBundles, InstantSource.system(), LoggerFactory.getLogger(ComponentFailures.class));
        failures.look();
    }

    /** The count of changes is a property of the runtime's service, so each change of it comes here. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, updated = "changed")
    void bindRuntime(ServiceComponentRuntime runtime, Map<String, Object> properties) {
        failures.look();
    }

    void unbindRuntime(ServiceComponentRuntime runtime) {
        // The constructor's reference ends this component with it.
    }

    void changed(ServiceComponentRuntime runtime, Map<String, Object> properties) {
        failures.look();
    }

    @Override
    public String name() {
        return failures.name();
    }

    @Override
    public List<Problem> problems() {
        return failures.problems();
    }
}
