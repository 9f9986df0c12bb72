// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.PlainCode;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Calls code of bundles whose jars are a plain class path: no framework. Confined to the main thread. */
final class PlainJars {
    private final Home home;

    PlainJars(Home home) {
        this.home = home;
    }

    /**
     * Calls its method {@code run}. The launcher's own libraries stay invisible: the code sees what it would see as a bundle.
     *
     * @param subject what runs, as the beginning of a sentence
     * @param types of the parameters
     * @return the exit code
     * @throws LaunchException if it cannot be called, or throws
     */
    int call(PlainCode code, String subject, List<Class<?>> types, Object... arguments) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls(code.feature()), ClassLoader.getPlatformClassLoader())) {
            // Libraries look for their parts in it.
            Thread.currentThread().setContextClassLoader(loader);
            Object exit = loader.loadClass(code.type()).getMethod("run", types.toArray(Class[]::new)).invoke(null, arguments);
            return exit instanceof Integer number ? number : ExitCode.FAILED;
        } catch (InvocationTargetException e) {
            throw new LaunchException(ExitCode.FAILED, subject + " failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException | IOException e) {
            throw new LaunchException(ExitCode.FAILED, subject + " cannot be loaded (" + e + "); install Portunus again.", e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private URL[] urls(String feature) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (FeatureFile.Entry entry : home.feature(feature).bundles()) {
            urls.add(home.repository().jar(entry.id()).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
