// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.Map;

/**
 * Something to report once there is a console. Immutable.
 *
 * @param level level of the log line
 * @param event name of the event
 * @param message the sentence
 * @param values more values of the log line
 */
public record Notice(String level, String event, String message, Map<String, String> values) {
    /** Copies the values. */
    public Notice {
        values = Map.copyOf(values);
    }

    /**
     * A notice without more values.
     *
     * @param level level of the log line
     * @param event name of the event
     * @param message the sentence
     */
    public Notice(String level, String event, String message) {
        this(level, event, message, Map.of());
    }
}
