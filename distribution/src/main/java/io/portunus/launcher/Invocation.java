// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line asked for. Immutable.
 *
 * @param config the configuration file
 * @param check whether to check it only
 * @param logLevel overrides the level of the file
 * @param logFormat overrides the format of the file
 * @param stateDir overrides the default place of the state
 * @param shell whether a shell may take the terminal
 * @param stats whether there may be a statistics socket
 * @param statsSocket overrides the file's path of the statistics socket
 */
record Invocation(Path config, boolean check, Optional<String> logLevel, Optional<LogFormat> logFormat, Optional<Path> stateDir, boolean shell,
        boolean stats, Optional<Path> statsSocket) {
}
