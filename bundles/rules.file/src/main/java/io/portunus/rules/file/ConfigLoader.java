// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.rules.file.ParsedConfig.LogSettings;
import io.portunus.rules.file.ParsedConfig.ShellSettings;
import io.portunus.rules.file.ParsedConfig.StatsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the file that the launcher named, and lays the launcher's options over it. Stateless. */
final class ConfigLoader {
    /** Path of the file. */
    static final String CONFIG = "portunus.config";
    /** Option {@code --log-level}. */
    static final String LOG_LEVEL = "portunus.log.level";
    /** Option {@code --log-format}. */
    static final String LOG_FORMAT = "portunus.log.format";

    /** Option {@code --no-stats}, by the word {@code off}. */
    static final String STATS = "portunus.stats";
    /** Option {@code --stats-socket}. */
    static final String STATS_SOCKET = "portunus.stats.socket";

    /** The state folder. */
    static final String STATE = "portunus.state";

    private ConfigLoader() {
    }

    /**
     * What the launcher was told, which wins over the file.
     *
     * @param level lowest level of the log
     * @param format format of the log
     * @param stats {@code off} if there is to be no statistics socket
     * @param socket where that socket is
     */
    private record Options(Optional<String> level, Optional<String> format, Optional<String> stats, Optional<String> socket) {
    }

    /** Loads by framework properties. */
    static ConfigOutcome load(Function<String, Optional<String>> properties, ConfigReader reader) {
        Optional<String> file = properties.apply(CONFIG);
        if (file.isEmpty()) {
            return new ConfigOutcome.Invalid(List.of(Problem.of(ProblemCode.IO_ERROR, "",
                "no configuration file was named; start with --config FILE")));
        }
        List<Problem> wrong = new ArrayList<>();
        Optional<String> level = option(properties, LOG_LEVEL, "--log-level", TomlSettings.LEVELS, wrong);
        Optional<String> format = option(properties, LOG_FORMAT, "--log-format", TomlSettings.FORMATS, wrong);
        Optional<String> stats = option(properties, STATS, "--no-stats", List.of("off"), wrong);
        Optional<String> socket = properties.apply(STATS_SOCKET).filter(path -> !path.isEmpty());
        socket.flatMap(TomlStats::problem).ifPresent(text -> wrong.add(Problem.of(ProblemCode.INVALID_VALUE, "--stats-socket", text)));
        return switch (reader.read(Path.of(file.get()))) {
            case ConfigOutcome.Invalid invalid -> {
                wrong.addAll(invalid.problems());
                yield new ConfigOutcome.Invalid(wrong);
            }
            case ConfigOutcome.Valid valid -> wrong.isEmpty()
                ? new ConfigOutcome.Valid(completed(valid.config(), new Options(level, format, stats, socket), properties.apply(STATE)),
                    valid.places())
                : new ConfigOutcome.Invalid(wrong);
        };
    }

    private static Optional<String> option(Function<String, Optional<String>> properties, String property, String option,
            List<String> words, List<Problem> wrong) {
        Optional<String> value = properties.apply(property).filter(v -> !v.isEmpty());
        if (value.isPresent() && !words.contains(value.get())) {
            wrong.add(Problem.of(ProblemCode.INVALID_VALUE, option, TomlSection.echo(value.get()) + " is none of "
                + String.join(", ", words) + "; write one of them"));
        }
        return value;
    }

    private static ParsedConfig completed(ParsedConfig config, Options options, Optional<String> state) {
        LogSettings log = new LogSettings(options.level().orElse(config.log().level()), options.format().orElse(config.log().format()),
            config.log().access());
        boolean named = config.stats().named() || options.socket().isPresent();
        Optional<String> fallback = state.filter(folder -> !named).map(folder -> Path.of(folder, "stats.sock").toString());
        StatsSettings stats = new StatsSettings(config.stats().enabled() && options.stats().isEmpty(),
            options.socket().orElse(config.stats().socketPath()), named, fallback, config.stats().refreshMs());
        Optional<ShellSettings> shell = config.shell().map(s -> new ShellSettings(s.listen(), s.named(),
            s.authorizedKeys().or(() -> state.map(folder -> Path.of(folder, "authorized_keys").toString()))));
        return new ParsedConfig(config.rules(), config.admin(), config.limits(), log, config.global(), config.deploy(), config.dns(), stats,
            shell);
    }
}
