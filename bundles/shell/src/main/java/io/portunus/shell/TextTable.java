// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.ArrayList;
import java.util.List;

/** A table of text with aligned columns. Every cell is escaped here, so no command can forget it. Confined to one thread. */
final class TextTable {
    /** A column of numbers starts its heading with this sign and is aligned to the right; the sign is not printed. */
    static final char RIGHT = '>';
    /** Longest cell but in the last column, in characters; what is longer is cut. A DNS name has at most 253 (RFC 1035 §2.3.4). */
    static final int MAX_CELL = 253;
    private static final String GAP = "  ";

    private final boolean[] right;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... headings) {
        right = new boolean[headings.length];
        String[] first = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].charAt(0) == RIGHT;
            first[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
        rows.add(first);
    }

    /** Adds a row with as many cells as there are headings; an empty cell is shown as a hyphen. */
    TextTable row(String... cells) {
        if (cells.length != right.length) {
            throw new AssertionError(cells.length + " cells in a table of " + right.length + " columns");
        }
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i].isEmpty() ? "-" : Printable.escape(cells[i]);
            row[i] = i < cells.length - 1 && cell.length() > MAX_CELL ? cell.substring(0, MAX_CELL - 1) + "…" : cell;
        }
        rows.add(row);
        return this;
    }

    /** Lines joined by newlines, without one at the end: Gogo adds it. */
    String render() {
        int[] width = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                width[i] = Math.max(width[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(width[i] - row[i].length());
                line.append(i == 0 ? "" : GAP).append(right[i] ? pad : "").append(row[i]).append(right[i] ? "" : pad);
            }
            text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
        }
        return text.toString();
    }
}
