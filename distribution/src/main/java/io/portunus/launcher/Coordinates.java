// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of an artifact. Immutable.
 *
 * @param group group id
 * @param artifact artifact id
 * @param version version
 */
record Coordinates(String group, String artifact, String version) {
    /** No part can climb out of the repository: it starts with an alphanumeric character and holds no separator. */
    private static final Pattern SYNTAX = Pattern.compile("(\\w[\\w.-]*):(\\w[\\w.-]*):(\\w[\\w.-]*)");

    /**
     * Parses {@code group:artifact:version}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    static Coordinates parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not group:artifact:version");
        }
        return new Coordinates(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    @Override
    public String toString() {
        return group + ":" + artifact + ":" + version;
    }
}
