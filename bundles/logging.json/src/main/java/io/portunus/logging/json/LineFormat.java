// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

/** Turns log lines into text. Thread-safe. */
sealed interface LineFormat permits JsonFormat, PrettyFormat {
    /** The line with its newline. */
    String render(LogLine line);

    /**
     * The format of a name.
     *
     * @throws IllegalArgumentException with a sentence if there is none
     */
    static LineFormat of(String name) {
        return switch (name) {
            case "json" -> new JsonFormat();
            case "pretty" -> new PrettyFormat();
            default -> throw new IllegalArgumentException("there is no log format '" + name + "'; use json or pretty");
        };
    }
}
