// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.time.Instant;
import java.time.InstantSource;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about the node as a whole. Gogo prints what a method returns. */
@Component(service = NodeCommands.class,
    property = {"osgi.command.scope=portunus", "osgi.command.function=status", "osgi.command.function=health", "osgi.command.function=log"})
public final class NodeCommands {
    private final NodeParts parts;
    private final InstantSource clock = InstantSource.system();

    /** Takes the services to ask. */
    @Activate
    public NodeCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Shows the node in a few lines. */
    @Descriptor("shows the node, its rules, listeners and flows in a few lines")
    public String status(@Descriptor("none") String... args) {
        return CommandRefused.orText(() -> {
            NodeText.STATUS.parse(args);
            Instant now = clock.instant();
            return NodeText.status(parts, now);
        });
    }

    /** Shows each part of the node. */
    @Descriptor("shows each part of the node, whether it is ready, and what hinders it")
    public String health(@Descriptor("none") String... args) {
        return CommandRefused.orText(() -> {
            NodeText.HEALTH.parse(args);
            return NodeText.health(parts.checks);
        });
    }

    /** Shows or sets log levels. */
    @Descriptor("shows log levels, or sets one until the next restart")
    public String log(@Descriptor("[LOGGER LEVEL]; LOGGER may be ROOT; LEVEL is one of off, error, warn, info, debug, trace") String... args) {
        return CommandRefused.orText(() -> LogText.render(parts.levels.needed(), args));
    }
}
