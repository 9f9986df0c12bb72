// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Flag;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line asked for. Immutable.
 *
 * @param properties what its flags set, paths as they were written
 */
record Invocation(Map<String, String> properties) {
    Invocation {
        properties = Map.copyOf(properties);
    }

    /** Whether a flag is set. */
    boolean has(Flag.Switch flag) {
        return flag.value().equals(properties.get(flag.property()));
    }

    Optional<Path> path(String property) {
        return Optional.ofNullable(properties.get(property)).map(Path::of);
    }

    /** The file of {@link Flag#CONFIG}. */
    Path config() {
        return path(Flag.CONFIG.property()).orElseThrow();
    }

    /** What overrides the format of the file. */
    Optional<LogFormat> logFormat() {
        return Optional.ofNullable(properties.get(Flag.LOG_FORMAT.property())).flatMap(LogFormat::parse);
    }

    /** The same with the properties of another, which win. */
    Invocation with(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(others);
        return new Invocation(all);
    }
}
