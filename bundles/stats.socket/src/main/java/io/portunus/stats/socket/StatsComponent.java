// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.spi.BulkPath;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.Post;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** Runs {@link StatsServer} while it is configured, and no other version of this bundle has the socket. */
@Component(service = { }, immediate = true, configurationPid = StatsConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StatsConfig.class)
public final class StatsComponent {
    private final Post post;
    private final StatsServer server;
    private final Optional<String> state;
    // Volatile: SCR sets it from its own threads, the timer reads it.
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable BulkPath bulkPath;

    /** Begins to open the socket and does not wait for it. */
    @Activate
    public StatsComponent(@Reference ForwardingEngine engine, @Reference NodeInfo node, BundleContext bundles, StatsConfig config) {
        state = Optional.ofNullable(bundles.getProperty("portunus.state"));
        server = new StatsServer(new StatsSource(engine, node, new LinuxProcess(), Clock.systemUTC(), this::splices),
            StatsServer.Timing.USUAL);
        server.apply(StatsSettings.of(config, state));
        post = Post.apply(new BundlePart(bundles.getBundle().getSymbolicName(), bundles.getBundle().getVersion().toString(), "socket"), server);
    }

    private boolean splices() {
        BulkPath path = bulkPath;
        return path != null && path.unavailable().isEmpty();
    }

    /** Readers stay connected unless the socket moves. */
    @Modified
    void modified(StatsConfig config) {
        server.apply(StatsSettings.of(config, state));
    }

    @Deactivate
    void deactivate() {
        post.close();
        server.close();
    }
}
