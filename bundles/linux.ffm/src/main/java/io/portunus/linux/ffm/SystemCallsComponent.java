// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.api.SystemCalls;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers {@link SystemCalls} where native calls work; elsewhere there is no such service, and {@link SplicePath} has warned why. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.linux.api.SystemCalls\"", effective = "active")
@Component(service = { }, immediate = true)
public final class SystemCallsComponent implements SystemCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SystemCallsComponent.class);

    private @Nullable ServiceRegistration<SystemCalls> registration;

    /** Offers nothing yet. */
    @Activate
    public SystemCallsComponent() {
    }

    @Activate
    void start(BundleContext context) {
        offer(context, Platform.here());
    }

    void offer(BundleContext context, Platform platform) {
        platform.noCalls().or(SystemCallsComponent::notLinked).ifPresentOrElse(
            objection -> LOG.atDebug().addKeyValue("reason", objection).log("there are no system calls"),
            () -> registration = context.registerService(SystemCalls.class, this, null));
    }

    /** Whoever uses a service finds calls that are linked, or finds none. */
    private static Optional<String> notLinked() {
        try {
            new SocketFfm().errno();
            return Optional.empty();
        } catch (LinkageError | RuntimeException refused) {
            return Optional.of("libc cannot be called: " + refused);
        }
    }

    @Deactivate
    void deactivate() {
        if (registration != null) {
            registration.unregister();
        }
    }

    @Override
    public SocketLibc sockets() {
        return new SocketFfm();
    }
}
