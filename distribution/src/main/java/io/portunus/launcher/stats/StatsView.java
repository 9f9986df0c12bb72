// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.stats;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The statistics of a running daemon, once or as a screen that follows them. Confined to the main thread. */
public final class StatsView {
    /** Where a daemon has its socket if nothing else is said. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/portunus/standalone.sock");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private StatsView() {
    }

    /**
     * Shows them.
     *
     * @param socket the daemon's socket
     * @param once whether to print one JSON object and end
     * @param out gets the object
     * @param err gets a sentence if it cannot
     * @return whether it could
     */
    public static boolean show(Path socket, boolean once, PrintStream out, PrintStream err) {
        if (once) {
            return new OnceView(socket, PATIENCE).print(out, err);
        }
        if (Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isEmpty()) {
            err.println("The view of the statistics needs a terminal; print them once with: portunus-standalone stats --once");
            return false;
        }
        return new TerminalView(socket).run(err);
    }
}
