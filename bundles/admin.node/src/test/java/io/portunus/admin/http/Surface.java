// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Resource;
import io.portunus.node.api.BundleGuard;
import io.portunus.node.api.ReadinessCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.xnio.Xnio;

/** A real surface over resources. It stands in the package of the surface, which shows itself to nobody else. */
public final class Surface implements AutoCloseable {
    /** The bounds it has in earnest. */
    public static final Duration DEADLINE = FrontDoor.DEADLINE;
    /** How long requests at work may take when it closes. */
    public static final Duration GRACE = AdminServer.GRACE;
    /** Requests with a body at once. */
    public static final int MAX_BODIES = FrontDoor.MAX_BODIES;

    private final AdminServer server;
    private final Path state;

    /** Listens. */
    public Surface(List<Resource> resources, Path state, Duration deadline, Duration grace) {
        this.state = state;
        Roster roster = new Roster(System::nanoTime, new BundleGuard(System::nanoTime, account -> { }));
        roster.add(owner(0), new TokenAuthenticator(AdminToken.open(state)));
        for (int i = 0; i < resources.size(); i++) {
            roster.add(owner(i + 1), resources.get(i));
        }
        server = new AdminServer(roster, new AdminServer.Settings("127.0.0.1:0", List.of(), state, deadline, grace));
        server.start(Xnio.getInstance());
    }

    private static Owner owner(int service) {
        return new Owner(1, "io.portunus.admin.node", "1.0.0", service, 0);
    }

    /** Where it listens. */
    public int port() {
        return server.address().orElseThrow().getPort();
    }

    /** The token that it takes. */
    public String token() throws IOException {
        return Files.readString(state.resolve(AdminToken.FILE)).strip();
    }

    /** Its own readiness. */
    public ReadinessCheck check() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
