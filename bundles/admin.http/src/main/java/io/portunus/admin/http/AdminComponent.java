// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Problem;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.xnio.Xnio;

/** Runs {@link AdminServer} while it is configured, with whatever bundles bring for it, and is its readiness check. */
@Component(service = ReadinessCheck.class, immediate = true, configurationPid = "io.portunus.admin",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AdminConfig.class)
public final class AdminComponent implements ReadinessCheck {
    private final AdminServer server;

    /** Starts to listen; what hinders that is a problem of the check and fails nothing. */
    @Activate
    public AdminComponent(@Reference Xnio xnio, @Reference Whiteboard whiteboard, BundleContext context, AdminConfig config) {
        Path state = Path.of(Objects.requireNonNull(context.getProperty("portunus.state"), "the property portunus.state is not set"));
        String listen = config.fallback() ? SparePort.of(config.listen()) : config.listen();
        server = new AdminServer(whiteboard.roster(), AdminServer.Settings.of(listen, List.of(config.host()), state));
        server.takeBothFamilies(config.dual_stack());
        server.start(xnio);
    }

    @Deactivate
    void deactivate() {
        server.close();
    }

    @Override
    public String name() {
        return server.name();
    }

    @Override
    public List<Problem> problems() {
        return server.problems();
    }

    @Override
    public List<Problem> degraded() {
        return server.degraded();
    }
}
