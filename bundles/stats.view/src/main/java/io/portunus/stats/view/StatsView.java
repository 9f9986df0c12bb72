// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The subcommand {@code stats}: the statistics of a running daemon, once or as a screen that follows them. The launcher calls it by reflection
 * from a class loader with the jars of {@code features/stats.json}. Confined to the main thread.
 */
public final class StatsView {
    /** Where a daemon has its socket if nothing else is given. */
    static final Path USUAL_SOCKET = Path.of("/run/portunus/standalone.sock");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SHOWN = 0;
    private static final int FAILED = 1;

    private StatsView() {
    }

    /**
     * Shows them.
     *
     * @param properties {@code portunus.stats.socket}, the daemon's socket; {@code portunus.state}, the state folder in which it has one if it
     *     can make none where it is usual; {@code portunus.stats.once}, whether to print one JSON object and end
     * @param out gets the object
     * @param err gets a sentence if it cannot
     * @return 0 if it could, else 1
     */
    public static int run(Map<String, String> properties, PrintStream out, PrintStream err) {
        Path socket = socket(properties, USUAL_SOCKET);
        boolean shown = properties.containsKey("portunus.stats.once") ? new OnceView(socket, PATIENCE).print(out, err) : follow(socket, err);
        return shown ? SHOWN : FAILED;
    }

    /** The one that is named, else the usual one, else that of the state folder if it is there alone. */
    static Path socket(Map<String, String> properties, Path usual) {
        Optional<Path> named = Optional.ofNullable(properties.get("portunus.stats.socket")).map(Path::of);
        Optional<Path> other = Optional.ofNullable(properties.get("portunus.state")).map(state -> Path.of(state, "stats.sock"))
            .filter(its -> !Files.exists(usual) && Files.exists(its));
        return named.or(() -> other).orElse(usual);
    }

    private static boolean follow(Path socket, PrintStream err) {
        if (Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isEmpty()) {
            err.println("The view of the statistics needs a terminal; print them once with: portunus-standalone stats --once");
            return false;
        }
        return new TerminalView(socket).run(err);
    }
}
