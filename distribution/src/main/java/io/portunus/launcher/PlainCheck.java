// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.PlainCode;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the configuration with the bundles' code as plain jars: no framework, no socket. Stateless. */
final class PlainCheck {
    /** Names of what the process was given open; config.file reads such a one once, for a check. */
    private static final List<String> DESCRIPTORS = List.of("/dev/stdin", "/dev/fd/", "/proc/self/fd/");
    private final PlainJars jars;
    private final PlainCode code;

    PlainCheck(PlainJars jars, PlainCode code) {
        this.jars = jars;
        this.code = code;
    }

    /**
     * Checks a file before a start, which a kind that nobody recognises does not hinder.
     *
     * @param config the file
     * @param bundles the bundles of the node, which declare what tables there are
     * @param out gets what is in it
     * @param err gets the problems
     * @return the exit code
     */
    int run(Path config, List<Path> bundles, PrintStream out, PrintStream err) {
        return call(config, List.of(Path.class, List.class, PrintStream.class, PrintStream.class), config, bundles, out, err);
    }

    /**
     * Checks a file for somebody who looks at the answer.
     *
     * @param config the file
     * @param bundles the bundles of the node, which declare what tables there are
     * @param provided kinds that installed bundles declare they provide, by role
     * @param out gets {@code ok}
     * @param err gets the problems, or hints and what is in the file
     * @return the exit code
     */
    int run(Path config, List<Path> bundles, Map<String, Set<String>> provided, PrintStream out, PrintStream err) {
        return call(config, List.of(Path.class, List.class, Map.class, PrintStream.class, PrintStream.class), config, bundles, provided, out, err);
    }

    private int call(Path config, List<Class<?>> types, Object... arguments) {
        fault(config).ifPresent(fault -> {
            throw new LaunchException(ExitCode.USAGE, "The configuration file " + config + " " + fault + "; name another with --config PATH.");
        });
        return jars.call(code, "The check of " + config, types, arguments);
    }

    /** What can be seen from outside. A pipe is not opened: that waits for somebody who writes. */
    private static Optional<String> fault(Path config) {
        if (!Files.exists(config)) {
            // What the system's bytes could not be turned into is this character.
            return Optional.of(config.toString().indexOf('\uFFFD') < 0 ? "does not exist" : "does not exist, or its name is no UTF-8");
        }
        if (Files.isDirectory(config)) {
            return Optional.of("is a directory");
        }
        if (!Files.isRegularFile(config) && DESCRIPTORS.stream().noneMatch(config.toString()::startsWith)) {
            return Optional.of("is a pipe, a socket or a device, and no regular file");
        }
        return Files.isReadable(config) ? Optional.empty() : Optional.of("may not be read");
    }

    /**
     * Refuses what can be read once only: who runs reads the file again and again.
     *
     * @throws LaunchException if it is no regular file
     */
    static void requireLasting(Path config) {
        if (Files.exists(config) && !Files.isRegularFile(config) && !Files.isDirectory(config)) {
            throw new LaunchException(ExitCode.USAGE, "The configuration file " + config
                + " is no regular file, and is read again whenever it changes; write it to one, or add --check to check it only.");
        }
    }
}
