// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.FaultAccount;
import io.portunus.node.api.ReadinessCheck;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Makes the {@link BundleGuard} of the node and registers it, for all who call into bundles; it requires nothing and is there first. Thread-safe. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.portunus.node.api.BundleGuard\"", effective = "active")
@Component(service = GuardComponent.class, immediate = true)
public final class GuardComponent {
    private final BundleGuard guard = new BundleGuard(System::nanoTime, this::changed);
    private final BundleContext context;
    private final BundleListener stops;
    private final ServiceRegistration<BundleGuard> asGuard;
    private final ServiceRegistration<ReadinessCheck> asCheck;
    /** Where the distribution's jars are, as the framework has it; empty where nobody has set it. */
    private final Optional<String> distribution;
    /** Volatile: set when the engine comes and goes, run by whoever charges a fault. */
    private volatile Runnable change = () -> { };

    /** Begins with nothing charged. */
    @Activate
    public GuardComponent(BundleContext context) {
        this.context = context;
        distribution = Optional.ofNullable(context.getProperty("portunus.home")).map(home -> Path.of(home).resolve("repository").toUri().toString());
        stops = event -> {
            if ((event.getType() & (BundleEvent.STOPPED | BundleEvent.UNINSTALLED)) != 0) {
                guard.forget(String.valueOf(event.getBundle().getSymbolicName()), event.getBundle().getVersion().toString());
            }
        };
        context.addBundleListener(stops);
        asGuard = context.registerService(BundleGuard.class, guard, null);
        asCheck = context.registerService(ReadinessCheck.class, new BundlesReadiness(guard), null);
    }

    @Deactivate
    void deactivate() {
        Stream.of(asCheck, asGuard).forEach(ServiceRegistration::unregister);
        context.removeBundleListener(stops);
    }

    BundleGuard guard() {
        return guard;
    }

    /** Whether a bundle came with the distribution, and was not deployed. */
    boolean own(Bundle bundle) {
        return distribution.filter(bundle.getLocation().replaceFirst("^reference:", "")::startsWith).isPresent();
    }

    /** What is run when a part comes into quarantine or out of it; it blocks nobody. */
    void changed(Runnable newer) {
        change = newer;
    }

    private void changed(FaultAccount account) {
        if (account.quarantined()) {
            FlowEvents.quarantined(account.part());
        }
        change.run();
    }
}
