// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.LogLevels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code log} does: shows levels, or sets one until the next restart. */
final class LogText {
    static final Syntax SYNTAX = Syntax.words("portunus:log [LOGGER LEVEL]", 2);

    private LogText() {
    }

    static String render(LogLevels levels, String... args) {
        List<String> words = SYNTAX.parse(args).words();
        if (words.isEmpty()) {
            return table(levels.levels());
        }
        if (words.size() == 1) {
            throw SYNTAX.refuse("which level? Give a logger and its level, or neither");
        }
        try {
            levels.level(words.get(0), words.get(1));
        } catch (IllegalArgumentException unknown) {
            throw SYNTAX.refuse(Printable.escape(String.valueOf(unknown.getMessage())));
        }
        return "logger " + Printable.escape(words.get(0)) + " is at level " + Printable.escape(words.get(1)) + " until the next restart";
    }

    private static String table(Map<String, String> levels) {
        TextTable table = new TextTable("LOGGER", "LEVEL");
        new TreeMap<>(levels).forEach(table::row);
        return table.render();
    }
}
