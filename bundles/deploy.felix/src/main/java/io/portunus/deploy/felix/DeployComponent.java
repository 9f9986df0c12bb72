// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.KindOwners;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ReadinessCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires what replaces bundles while the node forwards, and registers it. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.node.api.BundleControl\"", effective = "active")
@Component(service = { }, immediate = true, configurationPid = DeployConfig.PID)
@Designate(ocd = DeployConfig.class)
public final class DeployComponent {
    private static final Logger LOG = LoggerFactory.getLogger(DeployComponent.class);
    private final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();
    /** Volatile: bound and unbound by the framework's threads, read by whoever makes a change. */
    private volatile Optional<ChangeLog> log = Optional.empty();
    /** Volatile: replaced when the configuration changes, read by whoever makes a change. */
    private volatile DeploySettings settings;
    private final LiveBundles control;
    private final Inbox inbox;
    private final BundleListener comings;
    private final FormerUsers formerUsers;
    private final LostLoops lostLoops;
    private final ServiceRegistration<BundleControl> registration;
    private final ServiceRegistration<ReadinessCheck> asCheck;
    private final ServiceRegistration<?> asTrust;

    /** Takes up what was put down. */
    @Activate
    public DeployComponent(BundleContext context, @Reference FlowVersions versions, @Reference KindOwners owners,
            @Reference ForwardingEngine engine, @Reference BundleGuard guard, DeployConfig config) throws IOException {
        settings = DeploySettings.of(config);
        Path state = Path.of(context.getProperty("portunus.state"));
        Optional<Path> home = Optional.ofNullable(context.getProperty("portunus.home")).map(Path::of);
        String release = String.valueOf(context.getProperty("portunus.version"));
        Site site = new SitePlan(context, state, home.map(path -> path.resolve("repository")), release, Bundles.PATIENCE, guard)
            .site(versions, owners, engine, checks, () -> settings);
        control = new LiveBundles(site, this::changed, InstantSource.system());
        // What may fail comes first: no thread runs then.
        inbox = new Inbox(state.resolve("deploy"), control, () -> context.getBundle(0).getState() == Bundle.ACTIVE);
        Optional<String> leftOut = Optional.ofNullable(context.getProperty("portunus.deployed"));
        control.open(leftOut.isPresent());
        comings = site.ownership()::changed;
        context.addBundleListener(comings);
        formerUsers = FormerUsers.of(context.getBundle(0));
        formerUsers.letGo();
        context.addBundleListener(formerUsers);
        registration = context.registerService(BundleControl.class, control, null);
        asCheck = context.registerService(ReadinessCheck.class, new DeploymentReadiness(site, leftOut, control::leftOut), null);
        asTrust = context.registerService(BiFunction.class, site.trust(), FrameworkUtil.asDictionary(Map.of("portunus.lifecycle", "trust")));
        inbox.start();
        lostLoops = new LostLoops(engine::loops, exits(config), new ProcessEnd(context));
        lostLoops.start();
    }

    private static boolean exits(DeployConfig config) {
        return config.lost_loop().equals(DeployConfig.EXIT);
    }

    @Modified
    void modified(DeployConfig config) {
        settings = DeploySettings.of(config);
        lostLoops.exits(exits(config));
    }

    @Deactivate
    void deactivate(BundleContext context) {
        context.removeBundleListener(formerUsers);
        context.removeBundleListener(comings);
        lostLoops.close();
        asTrust.unregister();
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
        try {
            log.ifPresent(present -> present.add(change));
        } catch (RuntimeException | Error lastResort) {
            // The log of another bundle: what was done is done, and its caller gets the answer.
            LOG.atError().addKeyValue("event", "change.unwritten").setCause(lastResort).log("a change was made and could not be written down");
        }
    }
}
