// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands that keep some flows on a version of a bundle. Gogo prints what a method returns. */
@Component(service = PinCommands.class, property = {"osgi.command.scope=portunus", "osgi.command.function=pin", "osgi.command.function=unpin",
    "osgi.command.function=pins"})
public final class PinCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public PinCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Pins a subject. */
    @Descriptor("keeps new flows of a rule's ports, or of a block of client addresses, on a version of a bundle")
    public String pin(CommandSession session, @Descriptor("(-r RULE | -s CIDR) BUNDLE VERSION, as bundles lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> PinsText.pin(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Takes the pins of a subject away. */
    @Descriptor("takes the pins of a rule, or of a block of client addresses, away")
    public String unpin(CommandSession session, @Descriptor("-r RULE | -s CIDR, as pins lists them") String... args) {
        return CommandRefused.orText(session, CommandRefused.GOES_ON,
            () -> PinsText.unpin(Needed.BUNDLES.of(parts.bundles), Caller.of(session), args));
    }

    /** Lists the pins. */
    @Descriptor("lists the pins")
    public String pins(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, () -> PinsText.pins(Needed.BUNDLES.of(parts.bundles), args));
    }
}
