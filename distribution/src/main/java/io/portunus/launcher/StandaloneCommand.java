// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.stats.StatsView;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@code portunus-standalone}. Confined to the main thread. */
@Command(name = "portunus-standalone", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Forwards connections as a TOML file says.",
    footer = {"", "Exit codes: 0 stopped cleanly or check passed; 1 a rule could not be bound or the start failed; 2 wrong usage or configuration;"
        + " 3 out of memory.",
        "Signals: SIGHUP reloads; the first SIGTERM or SIGINT drains and stops, the second ends at once; SIGQUIT prints the threads; SIGUSR1 and"
            + " others that mean nothing to it are ignored."})
final class StandaloneCommand implements Callable<Integer> {
    private final ToIntFunction<Invocation> action;
    private final ToIntFunction<StatsRequest> statsAction;

    @Option(names = {"-c", "--config"}, paramLabel = "PATH", description = "Configuration file (default: ./portunus.toml).",
        converter = PathConverter.class)
    private Path config = Path.of("portunus.toml");

    @Option(names = "--check", description = "Check the configuration, print every problem, and end.")
    private boolean check;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "off, error, warn, info, debug or trace; overrides the file.",
        converter = LevelConverter.class)
    private Optional<String> logLevel = Optional.empty();

    @Option(names = "--log-format", paramLabel = "json|pretty", description = "Format of the log; overrides the file.",
        converter = FormatConverter.class)
    private Optional<LogFormat> logFormat = Optional.empty();

    @Option(names = "--state-dir", paramLabel = "PATH",
        description = "Directory of what outlives the process (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/portunus, "
            + "else ~/.local/state/portunus, else ./portunus.state).", converter = PathConverter.class)
    private Optional<Path> stateDir = Optional.empty();

    @Option(names = "--no-shell", description = "Leave the terminal alone.")
    private boolean noShell;

    @Option(names = "--no-stats", description = "Open no statistics socket, whatever the file says.")
    private boolean noStats;

    @Option(names = "--stats-socket", paramLabel = "PATH", description = "Path of the statistics socket; overrides the file.",
        converter = PathConverter.class)
    private Optional<Path> statsSocket = Optional.empty();

    /**
     * A command line.
     *
     * @param action what it does without a subcommand
     * @param statsAction what the subcommand {@code stats} does
     */
    StandaloneCommand(ToIntFunction<Invocation> action, ToIntFunction<StatsRequest> statsAction) {
        this.action = action;
        this.statsAction = statsAction;
    }

    /** A parser of this command line; a repeated option overrides the earlier one, so that wrapper scripts can have defaults. */
    CommandLine parser(String release) {
        CommandLine line = new CommandLine(this).setOverwrittenOptionsAllowed(true);
        line.getCommandSpec().version("portunus-standalone " + release);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().version("portunus-standalone " + release));
        return line;
    }

    @Override
    public Integer call() {
        return action.applyAsInt(new Invocation(config, check, logLevel, logFormat, stateDir, !noShell, !noStats, statsSocket));
    }

    /** The subcommand; the parent's {@code --stats-socket} is its default, so that a wrapper script can name the socket for both. */
    @Command(name = "stats", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the statistics of a running portunus-standalone, and follows them.",
        footer = {"", "Without --once it needs a terminal; ? lists the keys.",
            "With --once it prints one JSON object within 5 s: the fields of the socket's hello and snapshot, with an array 'rules' that has"
                + " for each rule what it is and its counters.",
            "Exit codes: 0 shown; 1 no statistics could be read, or no terminal; 2 wrong usage."})
    int stats(
            @Option(names = "--socket", paramLabel = "PATH", description = "The statistics socket (default: --stats-socket, else "
                + "/run/portunus/standalone.sock, else stats.sock in the state directory).", converter = PathConverter.class) Optional<Path> socket,
            @Option(names = "--once", description = "Print one JSON object and end.") boolean once) {
        return statsAction.applyAsInt(new StatsRequest(socket.or(() -> statsSocket).orElseGet(this::usualSocket), once));
    }

    /** A daemon that can make none where it is usual has it in its state directory. */
    private Path usualSocket() {
        Path other = StateDirectory.choose(stateDir, System.getenv()).resolve("stats.sock");
        return !Files.exists(StatsView.DEFAULT_SOCKET) && Files.exists(other) ? other : StatsView.DEFAULT_SOCKET;
    }

    /** Takes no empty path, which would be the working directory: a variable of a script was not set. */
    static final class PathConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            if (value.isBlank()) {
                throw new TypeConversionException("it is empty; name a path, or leave the option out");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'" + value + "' is no path here (" + e.getReason() + "); name files in UTF-8");
            }
        }
    }

    /** Knows the levels. */
    static final class LevelConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return switch (value) {
                case "off", "error", "warn", "info", "debug", "trace" -> value;
                default -> throw new TypeConversionException("'" + value + "' is none of off, error, warn, info, debug, trace");
            };
        }
    }

    /** Knows the formats. */
    static final class FormatConverter implements ITypeConverter<LogFormat> {
        @Override
        public LogFormat convert(String value) {
            return LogFormat.parse(value).orElseThrow(() -> new TypeConversionException("'" + value + "' is neither json nor pretty"));
        }
    }
}
