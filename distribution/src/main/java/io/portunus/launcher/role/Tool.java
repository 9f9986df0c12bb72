// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.List;

/**
 * A subcommand: it runs instead of the role, and nothing of it is loaded when the role starts. Immutable.
 *
 * @param name its name
 * @param summary what it does, a sentence
 * @param footer lines below its flags
 * @param flags its flags; what one sets wins over a flag of the role
 * @param code has {@code public static int run(Map<String, String> properties, PrintStream out, PrintStream err)}, which answers the exit code.
 *     The properties are those of all flags of role and tool, and {@code portunus.state}, the state folder, which need not be there
 */
public record Tool(String name, String summary, List<String> footer, List<Flag> flags, PlainCode code) {
    /** Copies the lists. */
    public Tool {
        footer = List.copyOf(footer);
        flags = List.copyOf(flags);
    }
}
