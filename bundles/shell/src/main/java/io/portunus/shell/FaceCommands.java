// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What a face asks of this bundle besides the commands: how to go on typing, what to answer to a command that there is not, and to make the
 * terminal's shell ours. In a scope of its own, since no human types them; found by name, so that a face follows a bundle that is replaced.
 */
@Component(service = FaceCommands.class, property = {"osgi.command.scope=" + FaceCommands.SCOPE, "osgi.command.function=complete",
    "osgi.command.function=unknown", "osgi.command.function=terminal"})
public final class FaceCommands {
    /** The scope. */
    static final String SCOPE = "shell";
    private final Completions completions;
    private final TerminalOutput output;

    /** Takes the services to ask. */
    @Activate
    public FaceCommands(@Reference NodeParts parts, @Reference TerminalOutput output) {
        this.completions = new Completions(parts);
        this.output = output;
    }

    /** What the last of the words may become. */
    public List<String> complete(CommandSession session, String... words) {
        return completions.of(List.of(words));
    }

    /** The sentence for a command that there is not. */
    public String unknown(CommandSession session, String... words) {
        String sentence = CommandBook.OURS.unknown(words.length == 0 ? "" : words[0]);
        session.put(Caller.REFUSED, sentence);
        return sentence;
    }

    /** Makes the session's line reader ours. */
    public void terminal(CommandSession session) {
        if (Caller.atTerminal(session)) {
            TerminalFace.install(session, output);
        }
    }
}
