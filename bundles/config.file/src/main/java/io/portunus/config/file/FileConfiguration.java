// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.ReadinessCheck;
import io.portunus.node.api.SettingsCatalog;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Reads the file before anything else runs, and configures the other components from it. Thread-safe. */
@Component(service = {NodeInfo.class, SettingsCatalog.class, FileConfiguration.class}, immediate = true)
public final class FileConfiguration implements NodeInfo, SettingsCatalog {
    private final ConfigInForce inForce;
    private final Registrations registrations;

    /** Reads and pushes; a file with problems is reported to the launcher at once, since nothing will come up to report it. */
    @Activate
    public FileConfiguration(BundleContext context, @Reference ConfigurationAdmin configurations) {
        inForce = ConfigInForce.load(key -> Optional.ofNullable(context.getProperty(key)), new BundleGrammar(context),
            new ConfigPush(configurations));
        registrations = new Registrations(context);
        if (!inForce.problems().isEmpty()) {
            registrations.add(ReadinessCheck.class, new FixedCheck(ReadinessCheck.CONFIG, inForce.problems()));
            registrations.started(inForce::report);
        }
    }

    @Deactivate
    void deactivate() {
        registrations.close();
    }

    ConfigInForce inForce() {
        return inForce;
    }

    @Override
    public List<Entry> settings() {
        return inForce.config().map(Config::settings).map(Settings::entries).orElse(List.of());
    }

    @Override
    public String label() {
        return inForce.label();
    }

    @Override
    public String version() {
        return inForce.version();
    }

    @Override
    public Instant startedAt() {
        return inForce.startedAt();
    }
}
