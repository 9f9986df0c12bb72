// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ReadinessCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Wires what replaces bundles while the node forwards, and registers it. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.node.api.BundleControl\"", effective = "active")
@Component(service = { }, immediate = true, configurationPid = DeployConfig.PID)
@Designate(ocd = DeployConfig.class)
public final class DeployComponent {
    private final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();
    /** Volatile: bound and unbound by the framework's threads, read by whoever makes a change. */
    private volatile Optional<ChangeLog> log = Optional.empty();
    /** Volatile: replaced when the configuration changes, read by whoever makes a change. */
    private volatile DeploySettings settings;
    private final LiveBundles control;
    private final Inbox inbox;
    private final ServiceRegistration<BundleControl> registration;
    private final ServiceRegistration<ReadinessCheck> asCheck;

    /** Takes up what was put down. */
    @Activate
    public DeployComponent(BundleContext context, @Reference FlowVersions versions, @Reference ForwardingEngine engine, DeployConfig config)
            throws IOException {
        settings = DeploySettings.of(config);
        Path state = Path.of(context.getProperty("portunus.state"));
        Optional<Path> home = Optional.ofNullable(context.getProperty("portunus.home")).map(Path::of);
        String release = String.valueOf(context.getProperty("portunus.version"));
        control = new LiveBundles(new SitePlan(context, state, home.map(path -> path.resolve("repository")), release,
            Bundles.PATIENCE).site(versions, engine, checks, () -> settings), this::changed, InstantSource.system());
        // What may fail comes first: no thread runs then.
        inbox = new Inbox(state.resolve("deploy"), control, () -> context.getBundle(0).getState() == Bundle.ACTIVE);
        control.open();
        registration = context.registerService(BundleControl.class, control, null);
        asCheck = context.registerService(ReadinessCheck.class, new DeploymentReadiness(), null);
        inbox.start();
    }

    @Modified
    void modified(DeployConfig config) {
        settings = DeploySettings.of(config);
    }

    @Deactivate
    void deactivate() {
        asCheck.unregister();
        registration.unregister();
        control.close();
        inbox.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(ReadinessCheck check) {
        checks.add(check);
    }

    void unbindCheck(ReadinessCheck check) {
        checks.remove(check);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLog(ChangeLog newer) {
        log = Optional.of(newer);
    }

    void unbindLog(ChangeLog gone) {
        log = log.filter(present -> present != gone);
    }

    private void changed(Change change) {
        log.ifPresent(present -> present.add(change));
    }
}
