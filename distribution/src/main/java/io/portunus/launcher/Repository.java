// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Jars in the layout of a Maven repository. Immutable.
 *
 * @param root its directory
 */
record Repository(Path root) {
    /**
     * Finds an artifact's jar.
     *
     * @throws LaunchException if it is not there
     */
    Path jar(Coordinates id) {
        Path jar = root.resolve(id.group().replace('.', '/')).resolve(id.artifact()).resolve(id.version())
            .resolve(id.artifact() + "-" + id.version() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new LaunchException(ExitCode.FAILED, "The bundle " + id + " is missing: there is no file " + jar + "; install Portunus again.");
        }
        return jar;
    }
}
