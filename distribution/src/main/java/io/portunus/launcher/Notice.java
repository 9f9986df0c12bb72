// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.util.Map;

/**
 * Something to tell once there is a console. Immutable.
 *
 * @param level level of the log line
 * @param event name of the event
 * @param message the sentence
 * @param values more values of the log line
 */
record Notice(String level, String event, String message, Map<String, String> values) {
    Notice {
        values = Map.copyOf(values);
    }
}
