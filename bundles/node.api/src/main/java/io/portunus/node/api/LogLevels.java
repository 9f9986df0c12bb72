// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Log levels at run time. Thread-safe. */
@ProviderType
public interface LogLevels {
    /** Every logger with a level of its own; {@code "ROOT"} is always among them. */
    Map<String, String> levels();

    /**
     * Sets the level of a logger until the next restart.
     *
     * @param logger name, or {@code "ROOT"}
     * @param level one of error, warn, info, debug, trace, off
     * @throws IllegalArgumentException if there is no such level
     */
    void level(String logger, String level);
}
