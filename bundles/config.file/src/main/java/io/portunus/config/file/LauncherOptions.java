// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lays the launcher's options over the file that it named. Stateless. */
final class LauncherOptions {
    /** Path of the file. */
    static final String CONFIG = "portunus.config";
    /** The state folder. */
    static final String STATE = "portunus.state";

    /** Option {@code --no-stats}, by the word {@code off}. */
    private static final String STATS = "portunus.stats";
    /** Option {@code --stats-socket}. */
    private static final String STATS_SOCKET = "portunus.stats.socket";
    private static final List<Option> WORDS = List.of(new Option("portunus.log.level", "--log-level", "global.log_level"),
        new Option("portunus.log.format", "--log-format", "global.log_format"));

    private LauncherOptions() {
    }

    /**
     * An option of the launcher, which wins over the file.
     *
     * @param property framework property that has its value
     * @param name as it is written
     * @param path of the key of the file
     */
    private record Option(String property, String name, String path) {
    }

    /** Reads the file that the framework properties name, completed by the others. */
    static Reading read(Function<String, Optional<String>> properties, ConfigReader reader) {
        Optional<String> file = properties.apply(CONFIG);
        if (file.isEmpty()) {
            return new Reading.Bad(List.of(Problem.of(ProblemCode.IO_ERROR, "",
                "no configuration file was named; start with --config FILE")));
        }
        List<Problem> wrong = new ArrayList<>();
        Declarations declared = reader.grammar().declared();
        WORDS.forEach(option -> value(properties, option.property()).flatMap(word -> problem(option, word, declared)).ifPresent(wrong::add));
        value(properties, STATS).filter(word -> !word.equals("off")).ifPresent(word -> wrong.add(none("--no-stats", word, List.of("off"))));
        value(properties, STATS_SOCKET).flatMap(SettingForms::socketProblem)
            .ifPresent(text -> wrong.add(Problem.of(ProblemCode.INVALID_VALUE, "--stats-socket", text)));
        return switch (reader.read(Path.of(file.get()))) {
            case Reading.Bad bad -> {
                wrong.addAll(bad.problems());
                yield new Reading.Bad(wrong);
            }
            case Reading.Good good -> wrong.isEmpty() ? new Reading.Good(completed(good.config(), properties), good.places())
                : new Reading.Bad(wrong);
        };
    }

    private static Optional<String> value(Function<String, Optional<String>> properties, String property) {
        return properties.apply(property).filter(value -> !value.isEmpty());
    }

    private static Optional<Problem> problem(Option option, String word, Declarations declared) {
        return declared.find(option.path()).map(DeclaredKey::words).filter(words -> !words.contains(word))
            .map(words -> none(option.name(), word, words));
    }

    private static Problem none(String option, String word, List<String> words) {
        return Problem.of(ProblemCode.INVALID_VALUE, option, TomlSection.echo(word) + " is none of " + String.join(", ", words)
            + "; write one of them");
    }

    private static Config completed(Config config, Function<String, Optional<String>> properties) {
        Settings settings = config.settings();
        for (Option option : WORDS) {
            Optional<String> word = value(properties, option.property());
            settings = word.isPresent() ? settings.with(option.path(), word.get()) : settings;
        }
        settings = value(properties, STATS).isPresent() ? settings.with("stats.enabled", false) : settings;
        Optional<String> socket = value(properties, STATS_SOCKET);
        return new Config(config.tables(), config.node(), socket.isPresent() ? settings.written("stats.socket_path", socket.get()) : settings);
    }
}
