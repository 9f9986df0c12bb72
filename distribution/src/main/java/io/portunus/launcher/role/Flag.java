// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An option of a command line: it sets a property, which the framework gets, and so every bundle. The constants are those that the launcher
 * itself heeds; a role takes which of them it has, and adds its own. Immutable.
 */
public sealed interface Flag {
    /** The configuration file. */
    Place CONFIG = new Place(List.of("-c", "--config"), "Configuration file (default: ./portunus.toml).", "portunus.config",
        Optional.of("portunus.toml"));
    /** Checks the configuration and ends. For a role that has {@link Role#check}. */
    Switch CHECK = new Switch("--check", "Check the configuration, print every problem, and end.", "portunus.check", "only");
    /** The level of the log. */
    Word LOG_LEVEL = oneOf("--log-level", "LEVEL", "off, error, warn, info, debug or trace; overrides the file.", "portunus.log.level",
        List.of("off", "error", "warn", "info", "debug", "trace"));
    /** The format of the log. */
    Word LOG_FORMAT = oneOf("--log-format", "json|pretty", "Format of the log; overrides the file.", "portunus.log.format",
        List.of("json", "pretty"));
    /** The property of {@link #stateDirectory}. */
    String STATE = "portunus.state";
    /** Leaves out what was deployed, and keeps it for the next start. */
    Switch WITHOUT_DEPLOYED = new Switch("--without-deployed", "Start without what was deployed, with the distribution's bundles alone; the next"
        + " start has it again.", "portunus.deployed", "off");
    /** Keeps the shell from the terminal. */
    Switch NO_SHELL = new Switch("--no-shell", "Leave the terminal alone.", "portunus.shell", "off");

    /**
     * What it is called.
     *
     * @return its names, with their dashes
     */
    List<String> names();

    /**
     * What it does.
     *
     * @return a sentence for the usage
     */
    String description();

    /**
     * What it sets.
     *
     * @return the property
     */
    String property();

    /**
     * A flag without a value.
     *
     * @param name its name
     * @param description what it does
     * @param property the property
     * @param value what the property is then
     */
    record Switch(String name, String description, String property, String value) implements Flag {
        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /**
     * A flag that names a file or folder. The framework gets it as an absolute path.
     *
     * @param names what it is called
     * @param description what it does
     * @param property the property
     * @param otherwise what it is if the command line does not say
     */
    record Place(List<String> names, String description, String property, Optional<String> otherwise) implements Flag {
        /** Copies the names. */
        public Place {
            names = List.copyOf(names);
        }
    }

    /**
     * A flag with a value.
     *
     * @param names what it is called
     * @param label what the usage shows for its value
     * @param description what it does
     * @param property the property
     * @param reader answers the value that the property gets; of a wrong one it throws {@link IllegalArgumentException} with what is wrong
     */
    record Word(List<String> names, String label, String description, String property, UnaryOperator<String> reader) implements Flag {
        /** Copies the names. */
        public Word {
            names = List.copyOf(names);
        }
    }

    /**
     * A flag that names the folder of what outlives the process.
     *
     * @param folder its name where the user's folders of the kind are, as in {@link StateFolder#name}
     * @return the flag
     */
    static Place stateDirectory(String folder) {
        return new Place(List.of("--state-dir"), "Directory of what outlives the process (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/" + folder
            + ", else ~/.local/state/" + folder + ", else ./" + folder + ".state).", STATE, Optional.empty());
    }

    /**
     * A flag whose value is one of some words.
     *
     * @param name its name
     * @param label what the usage shows for its value
     * @param description what it does
     * @param property the property
     * @param words the words, two at least
     * @return the flag
     */
    static Word oneOf(String name, String label, String description, String property, List<String> words) {
        String none = words.size() == 2 ? "neither " + String.join(" nor ", words) : "none of " + String.join(", ", words);
        return new Word(List.of(name), label, description, property, value -> {
            if (!words.contains(value)) {
                throw new IllegalArgumentException("'" + value + "' is " + none);
            }
            return value;
        });
    }
}
