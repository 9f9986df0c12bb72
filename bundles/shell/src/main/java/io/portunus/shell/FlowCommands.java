// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about live flows. Gogo prints what a method returns. */
@Component(service = FlowCommands.class,
    property = {"osgi.command.scope=portunus", "osgi.command.function=flows", "osgi.command.function=kill"})
public final class FlowCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public FlowCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Lists live flows. */
    @Descriptor("lists live flows, oldest first")
    public String flows(CommandSession session, @Descriptor("[-r RULE, only its flows] [-n LIMIT, 50 if not given]") String... args) {
        return CommandRefused.orText(session, () -> FlowsText.flows(parts, Needed.ENGINE.of(parts.engine).flows(), args));
    }

    /** Ends live flows. */
    @Descriptor("ends live flows at once, both sides by a reset")
    public String kill(CommandSession session, @Descriptor("ID..., as flows lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> FlowsText.kill(parts, Caller.of(session), args));
    }
}
