// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.util.Locale;

/** How values look on the screen. Stateless. */
final class Text {
    /** Longest text that is taken from the daemon. */
    static final int MAX_CHARACTERS = 256;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final double STEP = 1024;
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String MARKS = "._-=+*%#";

    private Text() {
    }

    /** The text without what would command the terminal or change the order of what stands beside it. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(MAX_CHARACTERS).forEach(c -> clean.appendCodePoint(printable(c) ? c : '?'));
        return clean.toString();
    }

    private static boolean printable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Exactly as wide as wanted, cut with a tilde. */
    static String left(String text, int width) {
        if (text.length() > width) {
            return width <= 1 ? text.substring(0, Math.max(0, width)) : text.substring(0, width - 1) + "~";
        }
        return text + " ".repeat(width - text.length());
    }

    /** At least as wide as wanted, to the right. */
    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String bytes(long count) {
        double value = (double) count;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    static String duration(long millis) {
        long seconds = Math.max(0, millis) / 1000;
        long days = seconds / 86_400;
        if (days > 0) {
            return days + "d " + seconds % 86_400 / 3600 + "h";
        }
        return seconds >= 3600 ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
            : seconds >= 60 ? seconds / 60 + "m " + seconds % 60 + "s" : seconds + "s";
    }

    /** A bar for each value, the oldest first, high as its part of the greatest; nothing moved is the lowest bar. */
    static String spark(long[] values, int width, boolean unicode) {
        String bars = unicode ? BLOCKS : MARKS;
        int from = Math.max(0, values.length - width);
        long most = 1;
        for (int i = from; i < values.length; i++) {
            most = Math.max(most, values[i]);
        }
        StringBuilder line = new StringBuilder();
        for (int i = from; i < values.length; i++) {
            line.append(bars.charAt((int) Math.ceil((bars.length() - 1) * (double) values[i] / most)));
        }
        return line.toString();
    }
}
