// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the configuration with the bundles' code as plain jars: no framework, no socket. Stateless. */
final class PlainCheck {
    private static final String CLASS = "io.portunus.rules.file.ConfigCheck";
    private final Home home;

    PlainCheck(Home home) {
        this.home = home;
    }

    /**
     * Checks a file before a start, which a kind that nobody recognises does not hinder.
     *
     * @param config the file
     * @param out gets what is in it
     * @param err gets the problems
     * @return the exit code
     */
    int run(Path config, PrintStream out, PrintStream err) {
        return call(config, List.of(Path.class, PrintStream.class, PrintStream.class), config, out, err);
    }

    /**
     * Checks a file for somebody who looks at the answer.
     *
     * @param config the file
     * @param kinds kinds of protocol that installed bundles recognise; empty if they do not tell
     * @param out gets {@code ok}
     * @param err gets the problems, or hints and what is in the file
     * @return the exit code
     */
    int run(Path config, Optional<Set<String>> kinds, PrintStream out, PrintStream err) {
        return call(config, List.of(Path.class, Optional.class, PrintStream.class, PrintStream.class), config, kinds, out, err);
    }

    private int call(Path config, List<Class<?>> types, Object... arguments) {
        if (!Files.isReadable(config) || Files.isDirectory(config)) {
            String fault = !Files.exists(config) ? "does not exist" : Files.isDirectory(config) ? "is a directory" : "may not be read";
            throw new LaunchException(ExitCode.USAGE, "The configuration file " + config + " " + fault + "; name another with --config PATH.");
        }
        // The launcher's own libraries stay invisible: the check sees what it would see as a bundle.
        try (URLClassLoader loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
            Object code = loader.loadClass(CLASS).getMethod("run", types.toArray(Class[]::new)).invoke(null, arguments);
            return code instanceof Integer number ? number : ExitCode.FAILED;
        } catch (InvocationTargetException e) {
            throw new LaunchException(ExitCode.FAILED, "The check of " + config + " failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException | IOException e) {
            throw new LaunchException(ExitCode.FAILED, "The check cannot be loaded (" + e + "); install Portunus again.", e);
        }
    }

    private URL[] urls() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (FeatureFile.Entry entry : home.feature("check").bundles()) {
            urls.add(home.repository().jar(entry.id()).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
