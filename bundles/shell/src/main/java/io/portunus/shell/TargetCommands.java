// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about targets. Gogo prints what a method returns. */
@Component(service = TargetCommands.class, property = {"osgi.command.scope=portunus", "osgi.command.function=targets",
    "osgi.command.function=drain", "osgi.command.function=undrain"})
public final class TargetCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public TargetCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Lists the targets. */
    @Descriptor("lists the targets with their health, counters and addresses")
    public String targets(CommandSession session, @Descriptor("[-r RULE, only its targets]") String... args) {
        return CommandRefused.orText(session, () -> TargetsText.targets(parts, Needed.ENGINE.of(parts.engine).targets(), args));
    }

    /** Keeps new flows from a target. */
    @Descriptor("keeps new connections from a target, until undrain, a change of the rule or a restart")
    public String drain(CommandSession session, @Descriptor("RULE TARGET, as targets lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> TargetsText.drain(parts, Caller.of(session), true, args));
    }

    /** Gives a target new flows again. */
    @Descriptor("gives a target new connections again")
    public String undrain(CommandSession session, @Descriptor("RULE TARGET, as targets lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> TargetsText.drain(parts, Caller.of(session), false, args));
    }
}
