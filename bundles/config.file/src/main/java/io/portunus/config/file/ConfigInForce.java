// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the node runs by: the file as it was last taken. Thread-safe: changed inside {@link #alone}, read by anybody without waiting. It
 * outlives those who put its tables in force, who come and go with the engine.
 */
final class ConfigInForce {
    private final Function<String, Optional<String>> properties;
    private final ConfigPush push;
    /** Remembers the file; guarded by {@link #alone}. */
    private final ConfigReader reader;
    private final NodeIdentity node;
    private final List<Problem> problems;
    private final ReentrantLock changing = new ReentrantLock();
    /** Volatile: written inside {@link #alone}, read by surfaces. Empty only if the file had problems at start. */
    private volatile Optional<Config> config;
    /** Whether everything that {@link #config} sets was handed on; guarded by {@link #alone}. */
    private boolean settled = true;

    private ConfigInForce(Function<String, Optional<String>> properties, Supplier<Grammar> grammars, ConfigPush push) {
        this.properties = properties;
        this.push = push;
        this.reader = new ConfigReader(PromptFiles.regular(), grammars);
        this.node = NodeIdentity.of(properties.apply("portunus.version"));
        Reading reading = pushed(read());
        this.problems = reading instanceof Reading.Bad bad ? bad.problems() : List.of();
        this.config = reading instanceof Reading.Good good ? Optional.of(good.config()) : Optional.empty();
    }

    /** Loads the file and pushes its configurations; a file with problems pushes none. */
    static ConfigInForce load(Function<String, Optional<String>> properties, Supplier<Grammar> grammars, ConfigPush push) {
        return new ConfigInForce(properties, grammars, push);
    }

    private Reading pushed(Reading reading) {
        try {
            if (reading instanceof Reading.Good good) {
                push.push(good.config());
            } else {
                push.withdraw(reader.grammar().declared());
            }
            return reading;
        } catch (IOException unwritable) {
            List<Problem> all = new ArrayList<>();
            if (reading instanceof Reading.Bad bad) {
                all.addAll(bad.problems());
            }
            all.add(unstored(unwritable));
            return new Reading.Bad(all);
        }
    }

    private static Problem unstored(IOException unwritable) {
        return Problem.of(ProblemCode.IO_ERROR, "", "the configuration cannot be stored (" + unwritable.getMessage()
            + "); check space and permissions of the state folder");
    }

    /** What was wrong with the file at start; empty when nothing was. */
    List<Problem> problems() {
        return problems;
    }

    /** The same for people, a line each. */
    String report() {
        return problems.stream().map(p -> ProblemLine.of(file(), p)).collect(Collectors.joining("\n"));
    }

    /** The path of the file, for messages. */
    String file() {
        return properties.apply(LauncherOptions.CONFIG).orElse("configuration");
    }

    /** What is in force; empty only if the file had problems at start, and then for ever. */
    Optional<Config> config() {
        return config;
    }

    /** Whether a surface of the node has written that it listens on this port, wherever the file put it. */
    boolean ownPort(ListenAddress address) {
        Optional<Path> state = properties.apply(LauncherOptions.STATE).map(Path::of);
        return state.filter(folder -> Stream.of("admin.address", "shell.address").map(folder::resolve)
            .anyMatch(file -> addressIn(file).filter(its -> its.port() == address.port()).isPresent())).isPresent();
    }

    private static Optional<ListenAddress> addressIn(Path file) {
        try {
            return Files.isRegularFile(file) ? ListenAddress.parse(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Does something while nobody else changes what is in force. */
    <T> T alone(Supplier<T> change) {
        changing.lock();
        try {
            return change.get();
        } finally {
            changing.unlock();
        }
    }

    /** What a file may have now; another answer means that the file may mean something else. */
    Grammar grammar() {
        return reader.grammar();
    }

    /** Reads the file, by the same code each time; called inside {@link #alone}. */
    Reading read() {
        return LauncherOptions.read(properties, reader);
    }

    /** Whether a file with the same content leaves nothing to be done. */
    boolean settled() {
        return settled;
    }

    /** Marks that something failed halfway, so that the next file is handed on even with the same content. */
    void unsettled() {
        settled = false;
    }

    /** Pushes the configurations of a file, if they differ, and puts it in force; empty when that is done, else everything is as it was. */
    Optional<Problem> replace(Config before, Config after) {
        try {
            if (!settled || !after.settingsThatDiffer(before).isEmpty()) {
                push.push(after);
            }
            config = Optional.of(after);
            settled = true;
            return Optional.empty();
        } catch (IOException unwritable) {
            restore(before);
            return Optional.of(unstored(unwritable));
        }
    }

    /** What a push could not finish is taken back as far as that goes. */
    private void restore(Config before) {
        settled = false;
        try {
            push.push(before);
        } catch (IOException stillUnwritable) {
            // The caller reports the first reason, which is the same; the next reload pushes everything.
            return;
        }
    }

    /** The name that the file gives the node, or else the host's. */
    String label() {
        return config.flatMap(c -> c.node().label()).orElse(node.hostName());
    }

    /** Version of the distribution. */
    String version() {
        return node.version();
    }

    /** When the process started. */
    Instant startedAt() {
        return node.startedAt();
    }
}
