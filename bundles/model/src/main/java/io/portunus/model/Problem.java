// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Optional;

/**
 * Something an operator can mend: code, place, and a sentence that says what is wrong and what to do. The same for TOML, HTTP and shell.
 *
 * @param code stable code
 * @param path the field, {@code "rule[2].listen_port"}; empty when no field is to blame
 * @param text what is wrong and what to do
 * @param position where it stands, if it was read from a file
 */
public record Problem(ProblemCode code, String path, String text, Optional<Position> position) {
    /**
     * A place in a text file, both counted from 1.
     *
     * @param line line
     * @param column column
     */
    public record Position(int line, int column) {
    }

    /** A problem without a place in a file. */
    public static Problem of(ProblemCode code, String path, String text) {
        return new Problem(code, path, text, Optional.empty());
    }

    /** The same problem at a place in a file. */
    public Problem at(Position place) {
        return new Problem(code, path, text, Optional.of(place));
    }
}
