// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.List;

/**
 * A command line as its user meets it. Immutable.
 *
 * @param command name of the program
 * @param summary what it does, a sentence
 * @param footer lines below the flags
 * @param flags its flags in the order of the usage
 * @param tools its subcommands
 */
public record Usage(String command, String summary, List<String> footer, List<Flag> flags, List<Tool> tools) {
    /** Copies the lists. */
    public Usage {
        footer = List.copyOf(footer);
        flags = List.copyOf(flags);
        tools = List.copyOf(tools);
    }
}
