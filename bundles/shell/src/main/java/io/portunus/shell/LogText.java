// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.LogLevels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code log} does: shows levels, or sets one until the next restart. */
final class LogText {
    static final Syntax SYNTAX = Syntax.words("portunus:log [LOGGER LEVEL]", 2);
    private static final String INHERITED = "inherited";

    private LogText() {
    }

    static String render(NodeParts parts, Actor by, String... args) {
        List<String> words = SYNTAX.parse(args).words();
        LogLevels levels = Needed.LEVELS.of(parts.levels);
        if (words.isEmpty()) {
            return table(levels.levels());
        }
        if (words.size() == 1) {
            throw SYNTAX.refuse("which level? Give a logger and its level, or neither");
        }
        set(parts, levels, by, words);
        return "logger " + Printable.escape(words.get(0)) + " is at level " + Printable.escape(words.get(1)) + " until the next restart";
    }

    private static void set(NodeParts parts, LogLevels levels, Actor by, List<String> words) {
        var what = new NodeParts.What("log.level", words.get(0));
        String before = levels.levels().getOrDefault(words.get(0), INHERITED);
        try {
            levels.level(words.get(0), words.get(1));
        } catch (IllegalArgumentException unknown) {
            parts.changed(by, what, before, before, ProblemCode.INVALID_VALUE.code());
            throw SYNTAX.refuse(Printable.escape(String.valueOf(unknown.getMessage())));
        }
        parts.changed(by, what, before, words.get(1), "done");
    }

    private static String table(Map<String, String> levels) {
        TextTable table = new TextTable("LOGGER", "LEVEL");
        new TreeMap<>(levels).forEach(table::row);
        return table.render();
    }
}
