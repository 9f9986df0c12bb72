// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Resource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Registers {@link Resources}, each as a service, as long as the bundle runs: none waits for its part of the node. */
@Component(service = {}, immediate = true)
public final class NodeResources {
    private final List<ServiceRegistration<Resource>> registrations;

    /** Registers them. */
    @Activate
    public NodeResources(@Reference Parts parts, BundleContext context) {
        Path state = Path.of(Objects.requireNonNull(context.getProperty("portunus.state"), "the property portunus.state is not set"));
        registrations = Resources.of(parts, Clock.systemUTC(), state).stream()
            .map(resource -> context.registerService(Resource.class, resource, FrameworkUtil.asDictionary(Map.of()))).toList();
    }

    @Deactivate
    void deactivate() {
        registrations.reversed().forEach(ServiceRegistration::unregister);
    }
}
