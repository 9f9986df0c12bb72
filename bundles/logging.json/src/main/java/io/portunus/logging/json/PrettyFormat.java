// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import java.util.Locale;

/** Text for people: time, level, target, event, key-values, message; stack traces indented below. No colours. Immutable. */
final class PrettyFormat implements LineFormat {
    @Override
    public String render(LogLine line) {
        StringBuilder text = new StringBuilder(256);
        text.append(Json.TIMESTAMP.format(line.timestamp())).append(' ')
            .append(String.format(Locale.ROOT, "%-5s", line.level())).append(' ');
        escape(text, line.target());
        if (!line.event().equals(LogLine.NO_EVENT)) {
            escape(text.append(' '), line.event());
        }
        line.values().forEach((key, value) -> {
            escape(text.append(' '), key);
            text.append('=');
            value.ifPresentOrElse(v -> value(text, v.toString()), () -> text.append('-'));
        });
        if (!line.message().isEmpty()) {
            escape(text.append(' '), line.message());
        }
        text.append('\n');
        // Every line of a trace is indented, so a message with newlines in it cannot pass for a line of the log.
        line.failure().ifPresent(f -> f.stack().lines().forEach(l -> {
            escape(text.append("    "), l.replace("\t", "    "));
            text.append('\n');
        }));
        return text.toString();
    }

    private static void value(StringBuilder text, String value) {
        boolean bare = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=');
        if (bare) {
            escape(text, value);
            return;
        }
        escape(text.append('"'), value.replace("\"", "'"));
        text.append('"');
    }

    /** Appends without anything that steers a terminal, reorders text or ends the line. */
    private static void escape(StringBuilder text, String raw) {
        raw.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    text.append(String.format(Locale.ROOT, "\\u{%x}", c));
                default -> text.appendCodePoint(c);
            }
        });
    }
}
