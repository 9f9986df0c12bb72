// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.List;
import java.util.Locale;

/**
 * Makes text that peers or files chose fit for a terminal: characters that steer it (C0, DEL, C1), that reorder or hide text (format
 * characters such as U+202E) and lone surrogates are shown as escapes.
 */
final class Printable {
    private Printable() {
    }

    /** The text in one line without anything that a terminal obeys. */
    static String escape(String text) {
        if (text.codePoints().allMatch(Printable::plain)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> append(escaped, c));
        return escaped.toString();
    }

    /** The first names with commas between them, and how many there are more; not escaped. */
    static String first(int most, List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(most, names.size())));
        return names.size() <= most ? first : first + " and " + (names.size() - most) + " more";
    }

    private static boolean plain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                Character.PRIVATE_USE, Character.UNASSIGNED -> false;
            default -> c != '\\';
        };
    }

    private static void append(StringBuilder escaped, int c) {
        if (plain(c)) {
            escaped.appendCodePoint(c);
        } else if (c == '\\') {
            // Doubled, so that an escape cannot be imitated.
            escaped.append("\\\\");
        } else if (c <= 0xff) {
            escaped.append(String.format(Locale.ROOT, "\\x%02x", c));
        } else {
            escaped.append(String.format(Locale.ROOT, "\\u{%x}", c));
        }
    }
}
