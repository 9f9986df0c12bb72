// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.flow.spi.Handover;
import io.portunus.model.Problem;
import io.portunus.model.SocketAddresses;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import io.portunus.node.api.ReadinessCheck;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.xnio.Xnio;

/**
 * Runs {@link AdminServer} while it is configured and no other version of this bundle has the port, with whatever bundles bring for it, and is its
 * readiness check. A request that is at work when the version leaves is answered by it. Thread-safe.
 */
@Component(service = {ReadinessCheck.class, Handover.class}, immediate = true, configurationPid = "io.portunus.admin",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AdminConfig.class)
public final class AdminComponent implements ReadinessCheck, Handover, Post.Holder {
    private static final String ADDRESS = "address";
    private final Xnio xnio;
    private final Whiteboard whiteboard;
    private final BundleContext context;
    private final AdminConfig config;
    private final Post post;
    // Volatile: set by the thread that takes the post, or by that of an upgrade, and read by the registry's.
    private volatile Optional<AdminServer> server = Optional.empty();
    private volatile Optional<InetSocketAddress> inherited = Optional.empty();

    /** Starts to listen once the port is this version's; what hinders that is a problem of the check and fails nothing. */
    @Activate
    public AdminComponent(@Reference Xnio xnio, @Reference Whiteboard whiteboard, BundleContext context, AdminConfig config) {
        this.xnio = xnio;
        this.whiteboard = whiteboard;
        this.context = context;
        this.config = config;
        Bundle own = context.getBundle();
        post = Post.apply(new BundlePart(own.getSymbolicName(), own.getVersion().toString(), "port"), this);
    }

    @Override
    public void take(Post taken) {
        Path state = Path.of(Objects.requireNonNull(context.getProperty("portunus.state"), "the property portunus.state is not set"));
        String listen = config.fallback() ? SparePort.of(preferred()) : preferred();
        AdminServer fresh = new AdminServer(whiteboard.roster(), AdminServer.Settings.of(listen, List.of(config.host()), state));
        fresh.takeBothFamilies(config.dual_stack());
        fresh.watchedBy(taken::hinder);
        server = Optional.of(fresh);
        fresh.start(xnio);
    }

    /** Where any port does, that of the version before is the one that clients know. */
    private String preferred() {
        boolean any = config.fallback() || SocketAddresses.parse(config.listen()).filter(its -> its.getPort() == 0).isPresent();
        return inherited.filter(before -> any).filter(before -> SocketAddresses.parse(config.listen()).map(InetSocketAddress::getAddress)
            .filter(before.getAddress()::equals).isPresent()).map(SocketAddresses::text).orElse(config.listen());
    }

    @Override
    public void leave() {
        server.ifPresent(AdminServer::leave);
    }

    @Override
    public Map<String, Object> give() {
        return server.flatMap(AdminServer::address).map(address -> Map.<String, Object>of(ADDRESS, SocketAddresses.text(address))).orElse(Map.of());
    }

    @Override
    public void take(Map<String, Object> state) {
        inherited = Optional.ofNullable(state.get(ADDRESS)).map(String::valueOf).flatMap(SocketAddresses::parse);
    }

    @Deactivate
    void deactivate() {
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
            // With the node nobody is waited for any longer than a moment.
            post.close();
            server.ifPresent(AdminServer::close);
            return;
        }
        post.close(atMost -> {
            if (server.isPresent()) {
                server.get().finish(atMost);
            }
        });
    }

    @Override
    public String name() {
        return ADMIN;
    }

    @Override
    public List<Problem> problems() {
        return server.map(AdminServer::problems).orElse(List.of());
    }

    @Override
    public List<Problem> degraded() {
        return server.map(AdminServer::degraded).orElse(List.of());
    }
}
