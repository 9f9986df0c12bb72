// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Gives the file's tables to the components that declare them. Used by one thread at a time. */
final class ConfigPush {
    /** Any bundle may use the configuration, whichever asked first. */
    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin configurations;
    private final Set<String> pushed = new HashSet<>();

    ConfigPush(ConfigurationAdmin configurations) {
        this.configurations = configurations;
    }

    /**
     * Sets every configuration; one that is as it was is not touched, so its component is not restarted. One that nobody declares any more goes
     * with who declared it.
     */
    void push(Config config) throws IOException {
        Map<String, Map<String, Object>> all = config.settings().configurations();
        for (Map.Entry<String, Map<String, Object>> one : all.entrySet()) {
            if (one.getValue().isEmpty()) {
                delete(one.getKey());
            } else {
                pushed.add(one.getKey());
                Configuration configuration = configurations.getConfiguration(one.getKey(), ANY_BUNDLE);
                configuration.updateIfDifferent(FrameworkUtil.asDictionary(one.getValue()));
            }
        }
        for (String gone : pushed.stream().filter(pid -> !all.containsKey(pid)).toList()) {
            delete(gone);
        }
    }

    /** Takes away what an earlier run left, so that nothing starts with values of a file that is no longer there. */
    void withdraw(Declarations declared) throws IOException {
        for (DeclaredTable table : declared.tables()) {
            delete(table.pid());
        }
    }

    private void delete(String pid) throws IOException {
        configurations.getConfiguration(pid, ANY_BUNDLE).delete();
        pushed.remove(pid);
    }
}
