// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.util.Locale;
import java.util.Optional;

/** How lines on standard error look. */
enum LogFormat {
    /** One JSON object a line. */
    JSON,
    /** Text for people. */
    PRETTY;

    /** The spelling of the configuration file and the command line. */
    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<LogFormat> parse(String text) {
        for (LogFormat format : values()) {
            if (format.spelling().equals(text)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
