// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

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
    footer = {"", "Exit codes: 0 stopped cleanly or check passed; 1 a rule could not be bound or the start failed; 2 wrong usage or configuration."})
final class StandaloneCommand implements Callable<Integer> {
    private final ToIntFunction<Invocation> action;

    @Option(names = {"-c", "--config"}, paramLabel = "PATH", description = "Configuration file (default: ./portunus.toml).")
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
            + "else ~/.local/state/portunus, else ./portunus.state).")
    private Optional<Path> stateDir = Optional.empty();

    @Option(names = "--no-shell", description = "Leave the terminal alone.")
    private boolean noShell;

    StandaloneCommand(ToIntFunction<Invocation> action) {
        this.action = action;
    }

    /** A parser of this command line; a repeated option overrides the earlier one, so that wrapper scripts can have defaults. */
    CommandLine parser(String release) {
        CommandLine line = new CommandLine(this).setOverwrittenOptionsAllowed(true);
        line.getCommandSpec().version("portunus-standalone " + release);
        return line;
    }

    @Override
    public Integer call() {
        return action.applyAsInt(new Invocation(config, check, logLevel, logFormat, stateDir, !noShell));
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
