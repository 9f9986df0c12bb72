// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about the node as a whole. Gogo prints what a method returns. */
@Component(service = NodeCommands.class, property = {"osgi.command.scope=portunus", "osgi.command.function=status",
    "osgi.command.function=health", "osgi.command.function=log", "osgi.command.function=reload", "osgi.command.function=changes",
    "osgi.command.function=settings"})
public final class NodeCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public NodeCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Shows the node in a few lines. */
    @Descriptor("shows the node, its rules, listeners and flows in a few lines")
    public String status(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, () -> {
            NodeText.STATUS.parse(args);
            return NodeText.status(parts, parts.clock.instant());
        });
    }

    /** Shows each part of the node. */
    @Descriptor("shows each part of the node, whether it is ready, and what hinders it")
    public String health(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, () -> {
            NodeText.HEALTH.parse(args);
            return NodeText.health(parts.readiness());
        });
    }

    /** Shows or sets log levels. */
    @Descriptor("shows log levels, or sets one until the next restart")
    public String log(CommandSession session, @Descriptor("[LOGGER LEVEL]; LOGGER may be ROOT; LEVEL is one of off, error, warn, info, debug, trace")
            String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> LogText.render(parts, Caller.of(session), args));
    }

    /** Reads the configuration again. */
    @Descriptor("reads the configuration file again and puts into force what differs; a file with problems changes nothing")
    public String reload(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> ReloadText.render(Needed.RELOAD.of(parts.reload), Caller.of(session), args));
    }

    /** Lists the settings. */
    @Descriptor("lists what the file may say of the node and its bundles, and what is in force; of one table with what each key means")
    public String settings(CommandSession session, @Descriptor("[TABLE]") String... args) {
        return CommandRefused.orText(session, () -> SettingsText.render(Needed.SETTINGS.of(parts.settings).settings(), args));
    }

    /** Lists the last changes. */
    @Descriptor("lists the last changes by any face, the newest first")
    public String changes(CommandSession session, @Descriptor("[-n LIMIT, 20 if not given]") String... args) {
        return CommandRefused.orText(session, () -> ChangesText.render(Needed.CHANGES.of(parts.changes).recent(), args));
    }
}
