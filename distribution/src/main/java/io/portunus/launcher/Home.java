// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where Portunus is installed. Immutable.
 *
 * @param directory the directory that holds {@code lib}, {@code features} and {@code repository}
 * @param release version of the distribution
 */
record Home(Path directory, String release) {
    /** The installation that the launcher's jar, {@code lib/launcher.jar}, belongs to. */
    static Home ofLauncher() {
        String release = Optional.ofNullable(Home.class.getPackage().getImplementationVersion()).orElse("unknown");
        try {
            Path jar = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toRealPath();
            return new Home(jar.resolve("../..").normalize(), release);
        } catch (URISyntaxException | IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The installation directory cannot be found (" + e.getMessage() + ").", e);
        }
    }

    FeatureFile feature(String name) {
        return FeatureFile.read(directory.resolve("features").resolve(name + ".json"));
    }

    Repository repository() {
        return new Repository(directory.resolve("repository"));
    }

    /** Configuration of logback until {@code logging.json} has taken over. */
    Path bootLogging() {
        return directory.resolve("lib").resolve("logback-boot.xml");
    }
}
