// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;

/** The command about the commands. Gogo prints what a method returns. */
@Component(service = HelpCommands.class, property = {"osgi.command.scope=portunus", "osgi.command.function=help"})
public final class HelpCommands {
    /** Lists the commands, or describes one. */
    @Descriptor("lists the commands, or tells what one takes")
    public String help(CommandSession session, @Descriptor("[COMMAND]; at the terminal also 'gogo', for what Gogo's own shell has") String... args) {
        return CommandRefused.orText(session, () -> HelpText.render(session, args));
    }
}
