// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.stats.StatsView;
import java.util.function.ToIntFunction;

/** Entry point of the process. */
public final class Main {
    private Main() {
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            Home home = Home.ofLauncher();
            Standalone standalone = new Standalone(home, System.getenv(), System.out, System.err);
            return execute(home.release(), standalone::run, Main::stats, arguments);
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        }
    }

    private static int stats(StatsRequest request) {
        return StatsView.show(request.socket(), request.once(), System.out, System.err) ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Parses and runs; a {@link LaunchException} becomes its sentence and its code. */
    static int execute(String release, ToIntFunction<Invocation> action, ToIntFunction<StatsRequest> stats, String... arguments) {
        return new StandaloneCommand(action, stats).parser(release)
            .setExecutionExceptionHandler((fault, line, parsed) -> {
                if (fault instanceof LaunchException known) {
                    line.getErr().println(known.getMessage());
                    return known.exitCode();
                }
                throw fault;
            })
            .execute(arguments);
    }
}
